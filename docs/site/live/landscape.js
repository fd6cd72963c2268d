// The second section: a population and gradient descent on a map.

const PRESETS = [
    {name: 'Ackley: a needle in ripples', low: -10, high: 10, text: '20 + e - 20*exp(-0.2*sqrt(((x-3)^2 + (y+4)^2)/2)) - exp((cos(2*pi*(x-3)) + cos(2*pi*(y+4)))/2)'},
    {name: 'Rastrigin: a grid of pits', low: -5, high: 5, text: '20 + (x-1.7)^2 - 10*cos(2*pi*(x-1.7)) + (y+1.2)^2 - 10*cos(2*pi*(y+1.2))'},
    {name: 'Schwefel: the best is far off', low: -500, high: 500, text: '837.9658 - x*sin(sqrt(abs(x))) - y*sin(sqrt(abs(y)))'},
    {name: 'Rosenbrock: a bent valley', low: -2, high: 2, text: '(1-x)^2 + 100*(y-x^2)^2'},
    {name: 'Himmelblau: four equal pits', low: -5, high: 5, text: '(x^2+y-11)^2 + (x+y^2-7)^2'},
    {name: 'Six-hump camel', low: -2, high: 2, text: '(4-2.1*x^2+x^4/3)*x^2 + x*y + 4*(y^2-1)*y^2'},
    {name: 'Eggholder: steep and rugged', low: -512, high: 512, text: '-(y+47)*sin(sqrt(abs(y+x/2+47))) - x*sin(sqrt(abs(x-y-47)))'},
    {name: 'Steps: no slope anywhere', low: -5, high: 5, text: 'floor(abs(x-2)+0.5) + floor(abs(y+1)+0.5)'},
];
const TRAIL = 400;  // points of earlier batches that are shown
const land = {trail: [], heights: null, image: null, last: null, low: -10, high: 10, seed: 1, size: 0, isRunning: false};
const numberShown = value => !Number.isFinite(value) ? 'none' : Math.abs(value) >= 1e5 || (value && Math.abs(value) < 1e-3)
    ? value.toExponential(1) : String(Number(value.toPrecision(4)));

// What is wrong with the form, as a sentence; null where nothing is.
function wrongLandscape() {
    try {
        parseExpression(byId('formula').value);
    } catch (problem) {
        return {field: 'formula', text: problem.message};
    }
    for (const field of ['low', 'high']) {
        const text = byId(field).value.trim();
        if (!text || !Number.isFinite(Number(text)) || Math.abs(Number(text)) > 1e9) return {field, text: `“${field === 'low' ? 'from' : 'to'}” must be a number.`};
    }
    if (!(Number(byId('low').value) < Number(byId('high').value))) return {field: 'high', text: '“to” must be above “from”.'};
    return null;
}

function survey(keepsSize) {
    const wrong = wrongLandscape();
    sayWrong(wrong);
    if (wrong) return void send({type: 'halt'});
    land.low = Number(byId('low').value);
    land.high = Number(byId('high').value);
    if (!keepsSize) land.size = 0;
    byId('searching-said').textContent = '';
    send({type: 'survey', text: byId('formula').value, from: land.low, to: land.high,
          evaluations: Number(byId('evaluations').value), seed: land.seed, size: land.size});
}
function sayWrong(wrong) {
    for (const field of ['formula', 'low', 'high']) byId(field).setAttribute('aria-invalid', String(wrong?.field === field));
    byId('formula-said').textContent = wrong ? wrong.text : 'Numbers, x, y, pi, e, + - * / ^ and functions such as sin, exp, sqrt, abs.';
    byId('formula-said').classList.toggle('wrong', Boolean(wrong));
    for (const id of ['walk', 'advance']) byId(id).disabled = Boolean(wrong);
}

function surveyed({heights, size, tuned, flat}) {
    land.heights = heights;
    land.size = tuned ? 0 : size;
    byId('stride').value = Math.log10(size);
    byId('stride-shown').textContent = numberShown(size) + (tuned ? ', the best of 31' : '');
    if (flat) byId('formula-said').textContent = 'This function has the same value everywhere.';
    paintMap();
}

// The map as a picture of the grid’s size, in twelve bands with a line between them.
function paintMap() {
    if (!land.heights) return;
    const side = Math.sqrt(land.heights.length);
    const canvas = Object.assign(document.createElement('canvas'), {width: side, height: side});
    const to = canvas.getContext('2d'), image = to.createImageData(side, side);
    const band = k => Math.floor(land.heights[k] * 12 / 256);
    const line = palette.contour;
    land.heights.forEach((rank, k) => {
        const isEdge = (k % side < side - 1 && band(k) !== band(k + 1)) || (k + side < side * side && band(k) !== band(k + side));
        const colour = between(palette.low, palette.high, Math.sqrt((0.6 * (band(k) + 0.5) / 12 + 0.4 * rank / 255)));
        const [r, g, b] = isEdge ? colour.map((value, c) => value + 0.2 * (channels(line)[c] - value)) : colour;
        image.data.set([r, g, b, 255], 4 * k);
    });
    to.putImageData(image, 0, 0);
    land.image = canvas;
}

function showMap() {
    const canvas = byId('map');
    if (!land.image || !land.last) return;
    const {to, width} = prepared(canvas, canvas.clientWidth);
    const span = land.high - land.low;
    const px = point => [(point.x - land.low) / span * width, (land.high - point.y) / span * width];
    to.imageSmoothingEnabled = true;
    to.imageSmoothingQuality = 'high';
    to.drawImage(land.image, 0, 0, width, width);
    const {population, descents, best, lowest, done} = land.last;
    for (const path of descents) {
        for (const [colour, thick] of [[palette.background, 3.6], [palette.gradient, 1.8]]) {
            to.strokeStyle = colour;
            to.lineWidth = thick;
            to.beginPath();
            for (const point of path) to.lineTo(...px(point));
            to.stroke();
        }
        dot(to, px(path.at(-1)), 3.6, palette.gradient);
    }
    land.trail.forEach((point, k) => {
        to.fillStyle = faded(palette.tdca, 0.35 + 0.55 * (k + 1) / land.trail.length);
        to.beginPath();
        to.arc(...px(point), 2.3, 0, 7);
        to.fill();
    });
    if (!done) for (const point of population) dot(to, px(point), 4.2, palette.tdca);
    if (lowest && land.last.batches) ring(to, px(lowest), 7, palette.gradient);
    if (best) ring(to, px(best), 10, palette.tdca);
    to.fillStyle = palette.text;
    to.lineWidth = 3;
    to.strokeStyle = palette.background;
    for (const [text, align, x, y] of [[numberShown(land.low), 'left', 6, width - 7], [numberShown(land.high), 'right', width - 6, width - 7],
                                       [numberShown(land.high), 'left', 6, 16]]) {
        to.textAlign = align;
        to.textBaseline = 'alphabetic';
        to.strokeText(text, x, y);
        to.fillText(text, x, y);
    }
}
function dot(to, at, radius, colour) {
    to.beginPath();
    to.arc(...at, radius, 0, 7);
    to.fillStyle = colour;
    to.fill();
    to.lineWidth = 1.2;
    to.strokeStyle = palette.background;
    to.stroke();
}
function ring(to, at, radius, colour) {
    for (const [stroke, thick] of [[palette.background, 5.5], [colour, 3]]) {
        to.beginPath();
        to.arc(...at, radius, 0, 7);
        to.strokeStyle = stroke;
        to.lineWidth = thick;
        to.stroke();
    }
}

function searched(message) {
    if (!message.batches) {
        land.trail = [];
    } else if (message.batches !== land.last?.batches) {
        land.trail = [...land.trail, ...land.last.population].slice(-TRAIL);
    }
    land.last = message;
    land.isRunning = message.going;
    byId('walk').textContent = message.going ? 'Pause' : message.done ? 'Run again' : message.batches ? 'Go on' : 'Run';
    byId('advance').disabled = message.done;
    const {best, lowest, evaluations, spent, lives, descents} = message;
    byId('map').dataset.batches = message.batches;
    byId('population-value').textContent = best ? numberShown(best.value) : '–';
    byId('population-spent').textContent = best ? `${evaluations.toLocaleString('en')} evaluations, ${lives} ${lives === 1 ? 'life' : 'lives'}` : 'not begun';
    byId('descent-value').textContent = message.batches ? numberShown(lowest.value) : '–';
    byId('descent-spent').textContent = message.batches ? `${spent.toLocaleString('en')} evaluations, best of ${descents.length} starts` : 'not begun';
    if (message.done) {
        byId('searching-said').textContent = `Done. The population’s lowest value is ${numberShown(best.value)} at x ${numberShown(best.x)}, y ${numberShown(best.y)}; gradient descent’s is ${numberShown(lowest.value)}.`;
    }
    byId('map').setAttribute('aria-label', best
        ? `Map of the function. The population’s lowest place is x ${numberShown(best.x)}, y ${numberShown(best.y)}`
        : 'Map of the function with the starts of both');
    showMap();
}

function readyLandscapes() {
    byId('preset').innerHTML = PRESETS.map((preset, k) => `<option value="${k}">${preset.name}</option>`).join('') + '<option value="own">my own</option>';
    const take = ({low, high, text}) => {
        byId('formula').value = text;
        byId('low').value = low;
        byId('high').value = high;
    };
    take(PRESETS[0]);
    const toWorker = type => () => {
        takeTyped();
        if (!wrongLandscape()) send({type});
    };
    byId('searching').addEventListener('submit', event => event.preventDefault());
    byId('preset').onchange = event => {
        if (event.target.value !== 'own') take(PRESETS[event.target.value]); else byId('formula').focus();
        survey();
    };
    let typing;
    for (const field of ['formula', 'low', 'high']) {
        byId(field).addEventListener('input', () => {
            byId('preset').value = 'own';
            sayWrong(wrongLandscape());
            clearTimeout(typing);
            typing = setTimeout(() => { typing = 0; survey(); }, 400);
        });
    }
    // What was typed counts at once, where somebody goes on before the pause.
    const takeTyped = () => {
        if (!typing) return;
        clearTimeout(typing);
        typing = 0;
        survey();
    };
    byId('evaluations').onchange = () => survey(true);
    byId('stride').addEventListener('input', () => {
        land.size = 10 ** Number(byId('stride').value);
        byId('stride-shown').textContent = numberShown(land.size);
    });
    byId('stride').onchange = () => survey(true);
    byId('walk').onclick = () => {
        if (land.isRunning) return send({type: 'halt'});
        if (land.last?.done) {
            ++land.seed;
            survey(true);
        }
        toWorker('walk')();
    };
    byId('advance').onclick = toWorker('advance');
    byId('reset').onclick = () => {
        ++land.seed;
        survey(true);
    };
}
