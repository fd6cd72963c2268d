// The first section: networks that learn digits, what goes on in them, and what they make of a drawing.

const digits = {curve: [], tries: [], finished: [], last: null, run: 0, seed: 1, watched: 3, usual: null, scales: {}};
const chosen = name => Number(document.querySelector(`#learning input[name=${name}]:checked`).value);
const rate = () => 10 ** Number(byId('rate').value);
const percent = share => (100 * share).toFixed(1) + ' %';
const plain = value => value >= 0.001 ? String(Number(value.toPrecision(2))) : value.toFixed(5).replace(/0+$/, '');

const shapeNow = () => ({width: chosen('width'), depth: chosen('depth'), updates: chosen('updates'), seed: digits.seed,
                         optimizer: Number(byId('optimizer').value), rate: rate(), genome: Number(byId('genome').value), run: digits.run});

function beBorn() {
    ++digits.run;
    digits.curve = [];
    digits.scales = {};
    digits.noted = digits.begun = digits.ninety = null;
    send({type: 'born', ...shapeNow()});
}

function learned(message) {
    if (message.run !== digits.run) return;
    const isFirst = !digits.curve.length;
    digits.last = message;
    const {updates, planned, accuracy, running} = message;
    if (isFirst || digits.curve.at(-1)[0] !== updates) digits.curve.push([updates, ...accuracy]);
    if (digits.ninety === null && digits.begun && accuracy[0] >= 0.9) {
        digits.ninety = {updates, seconds: (performance.now() - digits.begun) / 1000};
    }
    byId('credits-accuracy').textContent = percent(accuracy[0]);
    byId('gradient-accuracy').textContent = percent(accuracy[1]);
    byId('updates-done').textContent = updates.toLocaleString('en');
    byId('learn').textContent = running ? 'Pause' : updates >= planned ? 'Again' : updates ? 'Go on' : 'Learn';
    byId('step').disabled = updates >= planned;
    if (updates) {
        // Both networks’ updates.
        const speed = Math.round(2 * updates / message.busy * 1000);
        byId('speed-shown').textContent = 'Accuracy on 500 digits that neither network learns from.'
            + (digits.ninety ? ` Credits were at 90 % after ${digits.ninety.updates} updates, ${digits.ninety.seconds.toFixed(1)} s.` : '')
            + ` This machine makes ${speed.toLocaleString('en')} updates a second.`;
        Object.assign(document.body.dataset, {updatesPerSecond: speed, seconds: digits.ninety?.seconds ?? ''});
    }
    if (updates >= planned && !digits.noted) {
        digits.noted = true;
        digits.tries.push({...message.shape, accuracy: accuracy[1]});
        digits.finished.push({...message.shape, accuracy: accuracy[0]});
        byId('learning-said').textContent = `Learned. Credits name ${percent(accuracy[0])} of held-out digits rightly, backpropagation ${percent(accuracy[1])}.`;
        showTries();
    }
    showLearning();
    ask();
}

function paintDigit(canvas, pixels) {
    const {to, width} = prepared(canvas, canvas.clientWidth);
    to.fillStyle = palette.cell;
    to.fillRect(0, 0, width, width);
    (pixels || []).forEach((value, k) => {
        to.fillStyle = faded(palette.text, value / 16);
        to.fillRect(k % 8 * width / 8, Math.floor(k / 8) * width / 8, width / 8 + 0.3, width / 8 + 0.3);
    });
}

function showLearning() {
    if (!digits.last) return;
    paintDigit(byId('example'), digits.examples[digits.watched]);
    const {seen, shape, planned, accuracy, updates} = digits.last;
    drawCurve(byId('curve'), digits.curve, planned);
    byId('curve').setAttribute('aria-label', `Held-out accuracy after ${updates} of ${planned} updates: credits ${percent(accuracy[0])}, backpropagation ${percent(accuracy[1])}`);
    drawWeights(byId('credits-weights'), seen[0].weights, shape.width);
    drawWeights(byId('gradient-weights'), seen[1].weights, shape.width);
    drawDiffusion(byId('diffusion'), digits.last);
    drawGradients(byId('gradients'), digits.last);
}

function drawWeights(canvas, weights, neurons) {
    const columns = Math.ceil(Math.sqrt(neurons)), gap = 3;
    const tile = (canvas.clientWidth + gap) / columns - gap, rows = Math.ceil(neurons / columns);
    const {to} = prepared(canvas, Math.round(rows * (tile + gap)));
    const most = 0.9 * Math.max(...weights.map(Math.abs)) || 1;
    for (let j = 0; j < neurons; ++j) {
        const left = j % columns * (tile + gap), top = Math.floor(j / columns) * (tile + gap);
        for (let k = 0; k < 64; ++k) {
            to.fillStyle = diverging(weights[k * neurons + j] / most);
            to.fillRect(left + k % 8 * tile / 8, top + Math.floor(k / 8) * tile / 8, tile / 8 + 0.4, tile / 8 + 0.4);
        }
    }
}

// The largest of all ten digits now, so that there is something to see while mistakes shrink; not less than a
// thousandth of the largest of the run, so that one sees the last of them fade.
function scaleOf(name, values) {
    let now = 0;
    for (const value of values) now = Math.max(now, Math.abs(value));
    digits.scales[name] = Math.max(digits.scales[name] || 1e-6, now);
    return Math.max(now, digits.scales[name] / 1000);
}
// What a share of the largest looks like: roots, or small ones would not be seen.
const lit = share => Math.sign(share) * Math.sqrt(Math.abs(share));

function drawCells(to, values, activities, scale, left, top, width, height) {
    const cell = width / values.length;
    values.forEach((value, j) => {
        const silent = activities && activities[j] <= 0;
        to.fillStyle = silent ? palette.card : diverging(lit(value / scale));
        to.strokeStyle = palette['strong-line'];
        to.lineWidth = 0.7;
        const box = [left + j * cell + 0.5, top, Math.max(1, cell - 1.5), height];
        to.fillRect(...box);
        if (silent) to.strokeRect(...box);
    });
}

const rowOf = (values, width) => values.subarray(digits.watched * width, (digits.watched + 1) * width);

function drawTop(to, width, values, scale) {
    const size = Math.hypot(...values);
    to.fillStyle = palette.quiet;
    to.textAlign = 'left';
    to.textBaseline = 'alphabetic';
    to.fillText(`mistake at the top, of size ${size < 0.01 ? Number(size.toPrecision(1)) : size.toFixed(2)}`, 0, 11);
    drawCells(to, values, null, scale, 0, 18, width, 16);
    to.textAlign = 'center';
    to.textBaseline = 'middle';
    values.forEach((value, c) => {
        to.fillStyle = Math.abs(lit(value / scale)) > 0.55 ? palette.background : palette.quiet;
        to.fillText(c, (c + 0.5) * width / 10, 26.5);
    });
}

const LAYER = {1: 132, 2: 104, 3: 92, 5: 76};
const layerName = (i, depth) => depth === 1 ? 'hidden layer' : `hidden layer ${i + 1}`;

function drawDiffusion(canvas, {seen: [seen], shape, sources, kernel}) {
    const {to, width} = prepared(canvas, 42 + shape.depth * LAYER[shape.depth]);
    const errors = rowOf(seen.errors, 10), neurons = shape.width;
    drawTop(to, width, errors, scaleOf('errors', seen.errors));
    for (let i = shape.depth - 1; i >= 0; --i) {
        const top = 42 + (shape.depth - 1 - i) * LAYER[shape.depth], high = LAYER[shape.depth];
        const signals = Array(32).fill(0).map((_, s) => errors.reduce((sum, error, c) => sum + error * sources[i][c * 32 + s], 0));
        const scale = scaleOf('sources' + i, signals);
        const from = top + 24, until = top + high - 20;
        to.textAlign = 'left';
        to.textBaseline = 'alphabetic';
        to.fillStyle = palette.quiet;
        to.fillText(layerName(i, shape.depth), 0, top + 11);
        signals.forEach((signal, s) => {
            const strength = Math.abs(lit(signal / scale)), x = (s + 0.5) * width / 32;
            const colour = signal < 0 ? palette.less : palette.more;
            for (let j = 0; j < neurons; ++j) {
                const reach = kernel[s * neurons + j];
                if (reach < 0.08) continue;
                to.strokeStyle = faded(colour, Math.min(1, reach * strength * 0.8));
                to.lineWidth = Math.max(1, 40 / neurons);
                to.beginPath();
                to.moveTo(x, from);
                to.bezierCurveTo(x, from + (until - from) * 0.6, (j + 0.5) * width / neurons, from + (until - from) * 0.4,
                                 (j + 0.5) * width / neurons, until);
                to.stroke();
            }
            to.fillStyle = diverging(lit(signal / scale));
            to.beginPath();
            to.arc(x, from, Math.min(4, width / 90), 0, 7);
            to.fill();
        });
        drawCells(to, rowOf(seen.credits[i], neurons), rowOf(seen.activities[i], neurons),
                  scaleOf('credits' + i, seen.credits[i]), 0, until, width, 14);
    }
}

function drawGradients(canvas, {seen: [, seen], shape}) {
    const {to, width} = prepared(canvas, 42 + shape.depth * LAYER[shape.depth]);
    drawTop(to, width, rowOf(seen.errors, 10), scaleOf('exact', seen.errors));
    let above = 34;
    for (let i = shape.depth - 1; i >= 0; --i) {
        const top = 42 + (shape.depth - 1 - i) * LAYER[shape.depth], until = top + LAYER[shape.depth] - 20;
        to.strokeStyle = palette.gradient;
        to.fillStyle = palette.gradient;
        to.lineWidth = 1.5;
        to.beginPath();
        to.moveTo(width / 2, above + 8);
        to.lineTo(width / 2, until - 9);
        to.stroke();
        to.beginPath();
        to.moveTo(width / 2 - 5, until - 11);
        to.lineTo(width / 2 + 5, until - 11);
        to.lineTo(width / 2, until - 4);
        to.fill();
        to.textBaseline = 'middle';
        to.textAlign = 'left';
        to.fillStyle = palette.quiet;
        to.fillText('× weights above', width / 2 + 12, (above + until) / 2);
        to.textAlign = 'left';
        to.textBaseline = 'alphabetic';
        to.fillText(layerName(i, shape.depth), 0, until - 8);
        drawCells(to, rowOf(seen.credits[i], shape.width), rowOf(seen.activities[i], shape.width),
                  scaleOf('gradients' + i, seen.credits[i]), 0, until, width, 14);
        above = until + 14;
    }
}

function showTries() {
    const {width, depth, updates} = shapeNow();
    const same = run => run.width === width && run.depth === depth && run.updates === updates;
    const tries = digits.tries.filter(same), finished = digits.finished.filter(same);
    drawTries(byId('tries'), tries, finished.map(run => run.accuracy));
    const names = {0: 'filled circles are plain descent', 1: 'open circles momentum', 3: 'squares Adam'};
    byId('tries-said').textContent = !tries.length
        ? 'Each run that ends leaves a mark: backpropagation at its step size, credits as a line.'
        : `Best of ${tries.length} for this network: ${percent(Math.max(...tries.map(run => run.accuracy)))}; `
          + (finished.length ? `credits, tuned on nothing: ${finished.map(run => percent(run.accuracy)).slice(-3).join(', ')}; ` : '')
          + Object.keys(names).filter(key => tries.some(run => run.optimizer === Number(key))).map(key => names[key]).join(', ') + '.';
}

// ---- drawings

let pad, drawn = null, pending = false;
function ask() {
    if (drawn && !pending) send({type: 'answer', pixels: drawn});
    pending = Boolean(drawn);
}
function answered({answers}) {
    pending = false;
    if (!drawn) return;
    const guesses = answers.map(answer => answer.indexOf(Math.max(...answer)));
    ['credits-guess', 'gradient-guess'].forEach((id, which) => showGuess(byId(id), which, answers[which], guesses[which]));
    // While networks learn, a screen reader is told of other guesses, not of each per cent.
    const sure = which => digits.last?.running ? '' : `, ${Math.round(100 * answers[which][guesses[which]])} % sure`;
    const text = guesses.map((guess, which) => `${which ? 'Backpropagation' : 'Credits'}: ${guess}${sure(which)}.`).join(' ');
    if (byId('guessed').textContent !== text) byId('guessed').textContent = text;
}
function showGuess(where, which, answer, guess) {
    where.className = 'guess ' + (which ? 'gradient' : 'tdca') + (answer ? '' : ' empty');
    where.innerHTML = `<span class="who">${which ? 'Backpropagation' : 'Credits'}</span><span class="top">${answer ? guess : '?'}</span>`
        + '<div class="bars" aria-hidden="true">' + [...Array(10).keys()].map(c => {
            const share = answer ? answer[c] : 0;
            return `<div class="bar"><span>${c}</span><i class="${which ? 'gradient' : 'tdca'}" style="transform:scaleX(${share.toFixed(3)})"></i><span>${answer ? Math.round(100 * share) + ' %' : ''}</span></div>`;
        }).join('') + '</div>';
}
function changed(pixels) {
    drawn = pixels;
    paintDigit(byId('seen'), pixels);
    if (!pixels) {
        [0, 1].forEach(which => showGuess(byId(which ? 'gradient-guess' : 'credits-guess'), which));
        byId('guessed').textContent = 'Draw, or take a digit that neither network learned from.';
    }
    byId('teach').disabled = !pixels;
    ask();
}

function taught({drawings, isFull}) {
    const count = `${drawings} ${drawings === 1 ? 'drawing' : 'drawings'} taught`;
    byId('taught').textContent = isFull ? `${count}: there is no room for more.`
        : `${count}, shifted nine ways: learn on, or reset and learn, to see what comes of it.`;
}

function readyDigits(data, trained) {
    pad = new Pad(byId('pad'), changed);
    byId('watched').innerHTML = [...Array(10).keys()].map(c => `<label><input type="radio" name="watched" value="${c}"${c === digits.watched ? ' checked' : ''}><span>${c}</span></label>`).join('');
    byId('label').innerHTML = [...Array(10).keys()].map(c => `<option>${c}</option>`).join('');
    byId('watched').addEventListener('change', event => {
        digits.watched = Number(event.target.value);
        showLearning();
    });
    const held = data.length / 65 - trained;
    let taken = 7;
    byId('real').onclick = () => {
        taken = (taken + 37) % held;
        const at = (trained + taken) * 65;
        pad.show([...data.subarray(at, at + 64)]);
        byId('label').value = data[at + 64];
    };
    byId('clear').onclick = () => pad.clear();
    byId('teach').onclick = () => send({type: 'teach', pixels: drawn, label: Number(byId('label').value)});

    const start = () => {
        if (digits.last && digits.last.running) return send({type: 'pause'});
        if (digits.last && digits.last.updates >= digits.last.planned) {
            ++digits.seed;
            beBorn();
        }
        digits.begun ??= performance.now();
        send({type: 'run', slow: byId('learning').speed.value === 'slow'});
    };
    byId('learn').onclick = start;
    byId('step').onclick = () => {
        digits.begun ??= performance.now();
        send({type: 'step', count: 10});
    };
    byId('again').onclick = () => {
        ++digits.seed;
        beBorn();
    };
    byId('sweep').onclick = () => {
        byId('sweep').disabled = true;
        send({type: 'sweep', shape: shapeNow()});
    };
    const showRate = () => { byId('rate-shown').textContent = plain(rate()); };
    const usual = () => {
        byId('rate').value = Math.log10(digits.usual[[0, 1, 3].indexOf(Number(byId('optimizer').value))]);
        showRate();
    };
    byId('learning').addEventListener('submit', event => event.preventDefault());
    byId('learning').addEventListener('change', event => {
        if (event.target.name === 'speed') return send({type: 'speed', slow: event.target.value === 'slow'});
        if (event.target.id === 'optimizer') usual();
        beBorn();
        showTries();
    });
    byId('rate').addEventListener('input', showRate);
    return (rates, examples) => {
        Object.assign(digits, {usual: rates, examples});
        usual();
        changed(null);
        pad.draw();
        showTries();
        beBorn();
    };
}

function tried({shape, accuracy, last}) {
    digits.tries.push({...shape, accuracy});
    if (last) byId('sweep').disabled = false;
    showTries();
}
