// Colours of the style sheet, for canvases; and canvases as sharp as the screen.

const styles = getComputedStyle(document.documentElement);
let palette;
function readPalette() {
    palette = Object.fromEntries(['tdca', 'gradient', 'more', 'less', 'cell', 'text', 'quiet', 'line', 'strong-line',
        'background', 'card', 'field', 'low', 'high', 'contour'].map(name => [name, styles.getPropertyValue('--' + name).trim()]));
}
readPalette();

const channels = colour => [1, 3, 5].map(at => parseInt(colour.length === 4
    ? colour[(at + 1) / 2].repeat(2) : colour.slice(at, at + 2), 16));
const faded = (colour, share) => {
    const [r, g, b] = channels(colour);
    return `rgba(${r}, ${g}, ${b}, ${share})`;
};
const between = (a, b, share) => {
    const from = channels(a), to = channels(b);
    return from.map((value, k) => Math.round(value + (to[k] - value) * share));
};
// A number of −1 to 1: from “less” through the cell’s own colour to “more”.
const diverging = value => {
    const [r, g, b] = between(palette.cell, value < 0 ? palette.less : palette.more, Math.min(1, Math.abs(value)));
    return `rgb(${r}, ${g}, ${b})`;
};

// The context of a canvas of so many CSS pixels in height, cleared; its width is the layout’s.
function prepared(canvas, height) {
    const width = canvas.clientWidth, scale = window.devicePixelRatio || 1;
    const size = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    if (canvas.style.height !== height + 'px') canvas.style.height = height + 'px';
    const to = canvas.getContext('2d');
    to.setTransform(scale, 0, 0, scale, 0, 0);
    to.clearRect(0, 0, width, height);
    to.font = '12px ' + getComputedStyle(document.body).fontFamily;
    to.lineJoin = to.lineCap = 'round';
    return {to, width, height};
}
const byId = id => document.getElementById(id);
