// What client libraries get for `readable-stream` (wrangler.toml and vitest.config.ts say why): the runtime's own
// streams. A file, since wrangler's alias cannot name a module of the runtime. CommonJS, as its callers are.
module.exports = require("node:stream");
