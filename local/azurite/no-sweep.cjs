// Preloaded into Azurite (node --require). Every ten minutes Azurite drops the contents that no blob has any more. Each one that it drops makes its store
// (LokiJS) sort all others anew, without giving way to requests: after some tens of thousands of deleted blobs it answers nothing for minutes. A server in
// memory that lives for a demo or a benchmark keeps them.
"use strict";

require("azurite/dist/src/blob/gc/BlobGCManager").default.prototype.start = async () => {};
