require("./endings.cjs").run(__filename);
