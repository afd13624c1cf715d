/** What `node:path` is in Node.js, as far as readers of traces need it: a page knows names of files, and no folders. */
import type * as node from 'node:path';

const basename: typeof node.basename = (path) => path.slice(path.lastIndexOf('/') + 1);

const dirname: typeof node.dirname = (path) =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';

const join: typeof node.join = (...parts) => parts.join('/');

export { basename, dirname, join };
