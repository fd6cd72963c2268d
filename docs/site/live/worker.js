// All that computes: the library, the function of the landscape, and gradient descent on it.

const PIXELS = 64, CLASSES = 10;
const MEAN = 4.884, DEVIATION = 6.017;  // of all pixels of the training samples
const TICK = 33;                         // milliseconds between two pictures
const FRAME = 24;                        // of them for learning at full speed
let wasm;
let shape, planned, running = false, slow = true, timer, busy = 0;

const floats = (at, count) => new Float32Array(wasm.memory.buffer, at, count);
const doubles = (at, count) => new Float64Array(wasm.memory.buffer, at, count);
const tell = message => self.postMessage(message);

const genomes = [];  // the universal one, and one that was evolved without any digit

async function start({code, digits, trained, genes}) {
    const module = await WebAssembly.compile(code);
    const imports = {};
    for (const {module: from, name} of WebAssembly.Module.imports(module)) {
        (imports[from] ??= {})[name] = () => { throw new Error(`the library called ${name}`); };
    }
    wasm = (await WebAssembly.instantiate(module, imports)).exports;
    wasm._initialize?.();
    // Known answer of Salmon et al. (SC 2011), kat_vectors of Random123.
    if (wasm.philox() >>> 0 !== 0x6627e8d5) throw new Error('random numbers are not those of Philox');
    genomes.push(floats(wasm.genome_of_lives(), genes.length / 4).slice(), new Float32Array(genes.buffer, 0, genes.length / 4));
    const count = digits.length / (PIXELS + 1);
    const rows = [...Array(count).keys()];
    const label = row => digits[row * (PIXELS + 1) + PIXELS];
    fill(0, rows.slice(0, trained), digits);
    fill(1, rows.slice(trained), digits);
    const examples = hardest(digits, rows.slice(0, trained), rows.slice(trained), label);
    fill(2, examples, digits);
    tell({type: 'ready', rates: [0, 1, 3].map(which => wasm.usual_rate(which)),
          examples: examples.map(row => digits.slice(row * (PIXELS + 1), row * (PIXELS + 1) + PIXELS))});
}

// One held-out sample of each class that is far from its class’s mean and near to another’s: on easy ones mistakes are
// soon too small to see.
function hardest(digits, trained, held, label) {
    const means = [...Array(CLASSES)].map(() => new Float64Array(PIXELS)), sizes = Array(CLASSES).fill(0);
    for (const row of trained) {
        ++sizes[label(row)];
        for (let k = 0; k < PIXELS; ++k) means[label(row)][k] += digits[row * (PIXELS + 1) + k];
    }
    const distance = (row, c) => means[c].reduce((sum, mean, k) => sum + (digits[row * (PIXELS + 1) + k] - mean / sizes[c]) ** 2, 0);
    const doubt = row => {
        const own = label(row), all = means.map((_, c) => distance(row, c));
        return all[own] - Math.min(...all.filter((_, c) => c !== own));
    };
    return means.map((_, c) => held.filter(row => label(row) === c).reduce((a, b) => doubt(b) > doubt(a) ? b : a));
}

function fill(which, rows, digits) {
    const inputs = floats(wasm.inputs_of(which), rows.length * PIXELS);
    const labels = new Uint16Array(wasm.memory.buffer, wasm.labels_of(which), rows.length);
    rows.forEach((row, i) => {
        const from = row * (PIXELS + 1);
        for (let k = 0; k < PIXELS; ++k) inputs[i * PIXELS + k] = (digits[from + k] - MEAN) / DEVIATION;
        labels[i] = digits[from + PIXELS];
    });
    wasm.set_count(which, rows.length);
    counts[which] = rows.length;
}
const counts = [0, 0, 0];

// Copies of a drawing, each a pixel aside or not, among the samples that are learned from.
function teach({pixels, label}) {
    const most = 4000;
    const isFull = counts[0] + 18 > most;
    for (let copy = 0; copy < 18 && !isFull; ++copy) {
        const dx = copy % 3 - 1, dy = Math.floor(copy / 3) % 3 - 1;
        const inputs = floats(wasm.inputs_of(0) + counts[0] * PIXELS * 4, PIXELS);
        for (let k = 0; k < PIXELS; ++k) {
            const x = k % 8 - dx, y = Math.floor(k / 8) - dy;
            const value = x >= 0 && x < 8 && y >= 0 && y < 8 ? pixels[y * 8 + x] : 0;
            inputs[k] = (value - MEAN) / DEVIATION;
        }
        new Uint16Array(wasm.memory.buffer, wasm.labels_of(0), counts[0] + 1)[counts[0]] = label;
        wasm.set_count(0, ++counts[0]);
    }
    if (!isFull) ++drawings;
    tell({type: 'taught', drawings, isFull});
}
let drawings = 0;

// New networks.
function beBorn(settings) {
    shape = settings;
    planned = settings.updates;
    busy = 0;
    running = false;
    floats(wasm.genome_of_lives(), genomes[0].length).set(genomes[shape.genome]);
    for (const which of [0, 1]) {
        wasm.be_born(which, shape.width, shape.depth, shape.seed, planned, shape.optimizer, shape.rate);
    }
    report();
}

function report() {
    const seen = [0, 1].map(look);
    tell({type: 'learned', run: shape.run, updates: wasm.age(0), planned, running, busy, shape,
          accuracy: [wasm.accuracy(0), wasm.accuracy(1)], seen,
          sources: [...Array(shape.depth).keys()].map(i => floats(wasm.source_feedback(i), CLASSES * 32).slice()),
          kernel: floats(wasm.source_kernel(), 32 * shape.width).slice()});
}

function look(which) {
    wasm.look(which);
    const layers = [...Array(shape.depth + 1).keys()];
    const neurons = i => i < shape.depth ? shape.width : CLASSES;
    return {credits: layers.map(i => floats(wasm.seen_credits(i), CLASSES * neurons(i)).slice()),
            activities: layers.map(i => floats(wasm.seen_activities(i), CLASSES * neurons(i)).slice()),
            errors: floats(wasm.seen_errors(), CLASSES * CLASSES).slice(),
            weights: floats(wasm.seen_weights(), PIXELS * shape.width).slice()};
}

function learn(count) {
    const before = performance.now();
    for (const which of [0, 1]) wasm.train(which, count);
    busy += performance.now() - before;
}

function tick() {
    clearTimeout(timer);
    if (!running) return;
    const begun = performance.now();
    if (slow) {
        learn(2);
    } else {
        do learn(4); while (performance.now() - begun < FRAME && wasm.age(0) < planned);
    }
    if (wasm.age(0) >= planned) running = false;
    report();
    if (running) timer = setTimeout(tick, Math.max(0, TICK - (performance.now() - begun)));
}

// Nine step sizes from a thirtieth of the usual one to thirty times as large, a network each.
async function sweep(settings) {
    for (let k = -4; k <= 4; ++k) {
        const rate = wasm.usual_rate(settings.optimizer) * 10 ** (k * 3 / 8);
        wasm.be_born(2, settings.width, settings.depth, settings.seed, settings.updates, settings.optimizer, rate);
        while (wasm.age(2) < settings.updates) {
            wasm.train(2, 10);
            if (wasm.age(2) % 50 === 0) await new Promise(resolve => setTimeout(resolve));
        }
        tell({type: 'tried', shape: {...settings, rate}, accuracy: wasm.accuracy(2), last: k === 4});
    }
}

function answer(pixels) {
    floats(wasm.probe_input(), PIXELS).set(pixels.map(pixel => (pixel - MEAN) / DEVIATION));
    tell({type: 'answered', answers: [0, 1].map(which => floats(wasm.answer(which), CLASSES).slice())});
}

// ---- landscapes

const GRID = 256;
const STEPS_OF_TUNING = 40;
let f, low, high, descents, step, going = false, pace, batches;
const inside = value => Math.min(high, Math.max(low, value));

// One step downhill by central differences, five evaluations with that of the new place.
function descend(at, size) {
    const h = (high - low) * 1e-6;
    const dx = (f(at.x + h, at.y) - f(at.x - h, at.y)) / (2 * h);
    const dy = (f(at.x, at.y + h) - f(at.x, at.y - h)) / (2 * h);
    if (!Number.isFinite(dx) || !Number.isFinite(dy)) return at;
    const x = inside(at.x - size * dx), y = inside(at.y - size * dy);
    return {x, y, value: f(x, y)};
}

// The step size whose paths end lowest on average, of thirty-one: the largest go from border to border.
function tuned(starts) {
    let best = {total: Infinity, size: 1e-3};
    for (let k = 0; k <= 30; ++k) {
        const size = 10 ** (-6 + k / 3);
        let total = 0;
        for (const start of starts) {
            let at = start;
            for (let i = 0; i < STEPS_OF_TUNING; ++i) at = descend(at, size);
            total += at.value;
        }
        if (total < best.total) best = {total, size};
    }
    return best.size;
}

function asked() {
    const count = wasm.search_asked();
    const points = doubles(wasm.search_ask(), 2 * count);
    return [...Array(count).keys()].map(p => {
        const x = points[2 * p], y = points[2 * p + 1];
        return {x, y, value: f(x, y)};
    });
}

function survey({text, from, to, evaluations, seed, size}) {
    f = parseExpression(text);
    low = from;
    high = to;
    going = false;
    batches = 0;
    wasm.search_begin(low, high, evaluations, seed);
    population = asked();
    step = size || tuned(population);
    descents = population.map(point => [point]);
    const heights = new Float64Array(GRID * GRID);
    for (let j = 0; j < GRID; ++j) {
        for (let i = 0; i < GRID; ++i) {
            heights[j * GRID + i] = f(low + (high - low) * (i + 0.5) / GRID, high - (high - low) * (j + 0.5) / GRID);
        }
    }
    const order = [...heights].filter(Number.isFinite).sort((a, b) => a - b);
    if (!order.length) throw new Error('The function has no finite value here.');
    tell({type: 'surveyed', heights: ranks(heights, order), size: step, tuned: !size, flat: order[0] === order.at(-1)});
    picture();
}
let population = [];

// Each height's share of lower ones, 0 to 255: contours as even as the eye wants them. 255 also where there is none.
function ranks(heights, order) {
    const out = new Uint8Array(heights.length);
    heights.forEach((height, k) => {
        if (!Number.isFinite(height)) return void (out[k] = 255);
        let first = 0, last = order.length;
        while (first < last) {
            const middle = (first + last) >> 1;
            if (order[middle] < height) first = middle + 1; else last = middle;
        }
        out[k] = 255 * first / order.length;
    });
    return out;
}

// One batch of the search, and one step from every start.
function advance() {
    if (wasm.search_done()) return void (going = false);
    const values = doubles(wasm.search_values(), population.length);
    population.forEach((point, p) => { values[p] = point.value; });
    wasm.search_tell();
    for (const path of descents) path.push(descend(path.at(-1), step));
    ++batches;
    if (wasm.search_done()) going = false; else population = asked();
}

function picture() {
    const best = doubles(wasm.search_best_point(), 2);
    const lowest = descents.flat().reduce((a, b) => b.value < a.value ? b : a);
    tell({type: 'searched', population, batches, done: wasm.search_done() === 1, going, size: step,
          evaluations: wasm.search_evaluations(), lives: wasm.search_lives(),
          best: wasm.search_evaluations() ? {x: best[0], y: best[1], value: wasm.search_best_value()} : null,
          descents, lowest, spent: descents.length * (1 + 5 * batches)});
}

function walk() {
    clearTimeout(pace);
    if (!going) return;
    advance();
    picture();
    if (going) pace = setTimeout(walk, 120);
}

const HANDLERS = {
    start,
    born: beBorn,
    run: message => { slow = message.slow; running = wasm.age(0) < planned; tick(); },
    pause: () => { running = false; report(); },
    step: message => { running = false; learn(message.count); report(); },
    speed: message => { slow = message.slow; },
    teach,
    sweep: message => sweep(message.shape),
    answer: message => answer(message.pixels),
    survey,
    walk: () => { going = !wasm.search_done(); walk(); },
    halt: () => { going = false; if (f) picture(); },
    advance: () => { going = false; advance(); picture(); },
};
self.onmessage = async ({data}) => {
    try {
        await HANDLERS[data.type](data);
    } catch (problem) {
        tell({type: 'failed', of: data.type, text: problem.message});
    }
};
