// Preloaded into Azurite (node --require). Azurite looks a blob up by account, container and name, and its store (LokiJS) uses an index
// for the first condition only: every request then scans all blobs of the account, which with some thousands of them is half of Azurite's
// time. This puts the condition first whose index leaves the fewest rows. Which rows are found does not change.
"use strict";

const Loki = require("lokijs");
const resultset = Object.getPrototypeOf(new Loki("probe").addCollection("probe").chain());
const findAnd = resultset.findAnd;

function rowsLeft(collection, condition) {
  const [property] = Object.keys(condition);
  const value = condition[property];
  if (!collection.binaryIndices[property] || (value !== null && typeof value === "object")) {
    return Infinity;
  }

  const [first, last] = collection.calculateRange("$eq", property, value);
  return last - first + 1;
}

resultset.findAnd = resultset.$and = function (conditions) {
  if (this.filterInitialized || conditions.length < 2) {
    return findAnd.call(this, conditions);
  }

  const rows = conditions.map((condition) => rowsLeft(this.collection, condition));
  const best = rows.indexOf(Math.min(...rows));
  return findAnd.call(this, [conditions[best], ...conditions.filter((_, index) => index !== best)]);
};
