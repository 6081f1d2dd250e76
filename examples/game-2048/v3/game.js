// 2048 V3
const size = 4;
let cells, score;

function addTile() {
  const free = cells.flatMap((value, i) => (value ? [] : [i]));
  if (free.length) cells[free[Math.floor(Math.random() * free.length)]] = Math.random() < 0.9 ? 2 : 4;
}

function start() {
  cells = Array(size * size).fill(0);
  score = 0;
  addTile();
  addTile();
  draw();
}

// The cells of one row or column, in the order in which tiles slide.
function line(direction, n) {
  const at = { left: i => n * size + i, right: i => n * size + size - 1 - i, up: i => i * size + n, down: i => (size - 1 - i) * size + n };
  return [0, 1, 2, 3].map(at[direction]);
}

function slide(values) {
  const tiles = values.filter(Boolean);
  const out = [];
  let gained = 0;
  while (tiles.length) {
    const tile = tiles.shift();
    if (tiles[0] === tile) gained += out[out.push(tile + tiles.shift()) - 1];
    else out.push(tile);
  }
  while (out.length < size) out.push(0);
  return { out, gained };
}

function move(direction, really = true) {
  let moved = false;
  for (let n = 0; n < size; n++) {
    const places = line(direction, n);
    const { out, gained } = slide(places.map(i => cells[i]));
    if (places.some((i, k) => cells[i] !== out[k])) moved = true;
    if (!really) continue;
    places.forEach((i, k) => (cells[i] = out[k]));
    score += gained;
  }
  return moved;
}

function draw() {
  document.getElementById('board').innerHTML = cells
    .map(value => `<div style="background:hsl(${36 - Math.log2(value || 1) * 3} ${value ? 70 : 15}% ${value ? 78 - Math.log2(value) * 3 : 74}%)">${value || ''}</div>`)
    .join('');
  document.getElementById('score').textContent = score;
  const stuck = !['left', 'right', 'up', 'down'].some(direction => move(direction, false));
  document.getElementById('end').textContent = stuck ? 'No move is left.' : cells.includes(2048) ? '2048! Play on if you like.' : '';
}

addEventListener('keydown', event => {
  const direction = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }[event.key];
  if (!direction) return;
  event.preventDefault();
  if (move(direction)) addTile();
  draw();
});
document.getElementById('again').onclick = start;
start();
