// game.js FILE: loads FILE at its start, and again at SIGHUP.
const fs = require("fs");

const load = () => console.log("loaded " + fs.readFileSync(process.argv[2], "utf8"));

process.on("SIGHUP", load); // runs between two events
load();
setInterval(() => {}, 50); // the game's loop, once a tick
