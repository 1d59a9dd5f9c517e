// The version that every envelope carries: the package's own.

import manifest from "../../package.json" with { type: "json" };

export const SOFTWARE: string = manifest.version;
