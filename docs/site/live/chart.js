// Two charts of accuracy: over updates, and over step sizes. Both axes of accuracy are logarithmic in the error, since
// from 97 to 98 % is as far as from 80 to 87.

const MARKS = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99];
const heightOf = accuracy => {
    const worst = Math.log(0.7), best = Math.log(0.008);
    return (worst - Math.log(Math.min(0.7, Math.max(0.008, 1 - accuracy)))) / (worst - best);
};

function axes(to, area) {
    to.fillStyle = palette.quiet;
    to.strokeStyle = palette.line;
    to.lineWidth = 1;
    to.textAlign = 'right';
    to.textBaseline = 'middle';
    for (const mark of MARKS) {
        const y = Math.round(area.y(mark)) + 0.5;
        to.beginPath();
        to.moveTo(area.left, y);
        to.lineTo(area.right, y);
        to.stroke();
        to.fillText(Math.round(100 * mark) + ' %', area.left - 8, y);
    }
}

function areaOf(width, height) {
    const area = {left: 44, right: width - 10, top: 8, bottom: height - 36};
    area.y = accuracy => area.bottom - (area.bottom - area.top) * heightOf(accuracy);
    return area;
}

// `points`: of [updates, accuracy by credits, by backpropagation].
function drawCurve(canvas, points, planned) {
    const {to, width, height} = prepared(canvas, 290);
    const area = areaOf(width, height);
    const x = updates => area.left + (area.right - area.left) * updates / planned;
    axes(to, area);
    to.textBaseline = 'top';
    for (let k = 0; k <= 4; ++k) {
        to.textAlign = k === 4 ? 'right' : k ? 'center' : 'left';
        to.fillText((planned * k / 4).toLocaleString('en'), x(planned * k / 4), area.bottom + 4);
    }
    to.textAlign = 'center';
    to.fillText('updates', (area.left + area.right) / 2, area.bottom + 20);
    [palette.gradient, palette.tdca].forEach((colour, k) => {
        to.strokeStyle = to.fillStyle = colour;
        to.lineWidth = 2.2;
        to.beginPath();
        for (const point of points) to.lineTo(x(point[0]), area.y(point[2 - k]));
        to.stroke();
        if (!points.length) return;
        to.beginPath();
        to.arc(x(points.at(-1)[0]), area.y(points.at(-1)[2 - k]), 4, 0, 7);
        to.fill();
    });
}

// `tries`: of {rate, optimizer, accuracy}; `credits`: accuracies of finished runs.
function drawTries(canvas, tries, credits) {
    const {to, width, height} = prepared(canvas, 230);
    const area = areaOf(width, height);
    const x = rate => area.left + (area.right - area.left) * (Math.log10(rate) + 4.1) / 5.2;
    axes(to, area);
    to.textBaseline = 'top';
    to.textAlign = 'center';
    const ticks = width < 360 ? [-4, -2, 0, 1] : [-4, -3, -2, -1, 0, 1];
    ticks.forEach(k => to.fillText(k < -3 ? '0.0001' : String(10 ** k), Math.max(area.left + 16, x(10 ** k)), area.bottom + 4));
    to.fillText('step size', (area.left + area.right) / 2, area.bottom + 20);
    to.strokeStyle = palette.tdca;
    to.lineWidth = 2;
    for (const accuracy of credits) {
        to.beginPath();
        to.moveTo(area.left, area.y(accuracy));
        to.lineTo(area.right, area.y(accuracy));
        to.stroke();
    }
    to.strokeStyle = to.fillStyle = palette.gradient;
    for (const {rate, optimizer, accuracy} of tries) {
        const at = [x(rate), area.y(accuracy)];
        to.beginPath();
        if (optimizer === 3) {
            to.rect(at[0] - 4, at[1] - 4, 8, 8);
        } else {
            to.arc(...at, 4.5, 0, 7);
        }
        if (optimizer === 1) to.stroke(); else to.fill();
    }
}
