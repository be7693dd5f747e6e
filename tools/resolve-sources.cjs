/** Leads `#libs/…` and `#apps/…` to the sources for dependency-cruiser; at run time package.json leads them to dist. */
const path = require('node:path');

const root = path.join(__dirname, '..');
module.exports = {
  resolve: { alias: { '#libs': path.join(root, 'libs'), '#apps': path.join(root, 'apps') } },
};
