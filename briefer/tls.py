"""Why a certificate does not hold, in words a reader understands: for pages and for mail servers."""

import ssl

#: OpenSSL's X509_V_ERR_* codes (openssl-verification-options(1)) a reader can understand.
_FAULTS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is signed by an unknown, self-signed authority",
    20: "its certificate is signed by an unknown authority",
    21: "its certificate is signed by an unknown authority",
    23: "its certificate was revoked",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}


def certificate_message(error: ssl.SSLCertVerificationError) -> str:
    """Say why the connection is not safe, and what to do."""
    why = _FAULTS.get(error.verify_code, error.verify_message)
    return f"the connection is not safe: {why}; check the address, or set SSL_CERT_FILE if you trust it"


def tls_reason(error: ssl.SSLError) -> str:
    """OpenSSL's own word for what went wrong, such as "wrong version number"."""
    return (error.reason or "unknown reason").lower().replace("_", " ")
