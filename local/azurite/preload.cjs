// All that the demo and the benchmarks preload into Azurite (node --require); which answers it gives does not change.
"use strict";

require("./indexed-find.cjs");
require("./no-sweep.cjs");
require("./quick-lists.cjs");
