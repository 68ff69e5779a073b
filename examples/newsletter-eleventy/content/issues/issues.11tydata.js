export default {
  layout: "issue.njk",
  permalink: ({ page }) => `issues/${page.date.toISOString().slice(0, 10)}/index.html`,
};
