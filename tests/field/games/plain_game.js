// plain_game.js NOTES none|NUMBER: a game that handles that one signal, or none.
const fs = require("fs");
const os = require("os");

const [notes, number] = process.argv.slice(2);
const note = (line) => fs.appendFileSync(notes, line + "\n");
for (const [name, value] of Object.entries(os.constants.signals))
  if (String(value) === number && name !== "SIGIOT" && name !== "SIGPOLL") process.on(name, () => note("signal"));
setInterval(() => {}, 1 << 30);
note("ready");
