// What is measured is what stands before it.
module.exports = "started";
