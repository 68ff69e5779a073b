/** Briefer writes content/issues/DATE/digest.md (an issue, a page) and content/_data/digest.json (the newest). */
export default function (config) {
  config.addPassthroughCopy({ "style.css": "style.css" });
  config.addPassthroughCopy("content/issues/*/images");
  config.setUseGitIgnore(false); // what is written anew every morning is not kept in git, but it is built
  config.addCollection("issues", (all) => all.getFilteredByGlob("content/issues/*/digest.md").reverse());
  // News is text, not a template: no engine may run over it before it is read as Markdown.
  return { dir: { input: "content", output: "_site" }, markdownTemplateEngine: false };
}
