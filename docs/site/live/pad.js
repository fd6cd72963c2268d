// A pad for drawing by pointer or keyboard, and what becomes of a drawing: 8 × 8 pixels of 0 to 16, as the digits of the
// data set were made: scaled to 32 × 32, then black pixels counted in squares of 4 × 4.

const PEN = 5;  // width of a stroke on 32 × 32, about that of the data set’s

class Pad {
    constructor(canvas, changed) {
        Object.assign(this, {canvas, changed, strokes: [], shown: null, pen: {x: 0.5, y: 0.5}, isDown: false});
        canvas.addEventListener('pointerdown', event => {
            canvas.setPointerCapture(event.pointerId);
            this.down(this.at(event));
            event.preventDefault();
            canvas.focus({preventScroll: true});
        });
        canvas.addEventListener('pointermove', event => {
            if (!event.buttons || !this.isDown) return;
            for (const one of event.getCoalescedEvents?.() ?? [event]) this.move(this.at(one));
        });
        for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => this.up());
        canvas.addEventListener('keydown', event => this.press(event));
        for (const name of ['focus', 'blur']) canvas.addEventListener(name, () => this.draw());
    }

    at(event) {
        const box = this.canvas.getBoundingClientRect();
        return {x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height};
    }
    down(point) {
        this.shown = null;
        this.isDown = true;
        this.pen = point;
        this.strokes.push([point]);
        this.tell();
    }
    move(point) {
        this.pen = point;
        this.strokes.at(-1).push(point);
        this.tell();
    }
    up() {
        this.isDown = false;
        this.draw();
    }
    press(event) {
        const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
        if (way) {
            const within = value => Math.min(0.95, Math.max(0.05, value));
            const point = {x: within(this.pen.x + 0.05 * way[0]), y: within(this.pen.y + 0.05 * way[1])};
            if (this.isDown) this.move(point); else this.pen = point;
        } else if (event.key === ' ') {
            if (this.isDown) this.up(); else this.down({...this.pen});
        } else if (event.key === 'Backspace') {
            this.clear();
        } else {
            return;
        }
        event.preventDefault();
        this.draw();
    }
    clear() {
        this.strokes = [];
        this.shown = null;
        this.isDown = false;
        this.tell();
    }
    // A digit of the data set.
    show(pixels) {
        this.clear();
        this.shown = pixels;
        this.tell();
    }
    tell() {
        this.draw();
        this.changed(this.pixels());
    }

    draw() {
        const {to, width, height} = prepared(this.canvas, this.canvas.clientWidth);
        if (this.shown) {
            const cell = width / 8;
            this.shown.forEach((value, k) => {
                to.fillStyle = faded(palette.text, value / 16);
                to.fillRect(k % 8 * cell, Math.floor(k / 8) * cell, cell + 0.5, cell + 0.5);
            });
        }
        to.strokeStyle = palette.text;
        to.lineWidth = width * 0.075;
        for (const stroke of this.strokes) {
            to.beginPath();
            to.moveTo(stroke[0].x * width, stroke[0].y * height);
            for (const point of stroke) to.lineTo(point.x * width, point.y * height);
            to.stroke();
        }
        if (document.activeElement === this.canvas) {
            to.beginPath();
            to.arc(this.pen.x * width, this.pen.y * height, 8, 0, 7);
            to.lineWidth = 2;
            to.strokeStyle = palette.tdca;
            to.stroke();
            if (this.isDown) {
                to.fillStyle = palette.tdca;
                to.fill();
            }
        }
    }

    // null: nothing is drawn.
    pixels() {
        if (this.shown) return [...this.shown];
        const points = this.strokes.flat();
        if (!points.length) return null;
        const [left, right] = [Math.min, Math.max].map(pick => pick(...points.map(point => point.x)));
        const [top, bottom] = [Math.min, Math.max].map(pick => pick(...points.map(point => point.y)));
        const side = 32 - PEN, scale = side / Math.max(bottom - top, right - left, 0.1);
        const small = Object.assign(document.createElement('canvas'), {width: 32, height: 32});
        const to = small.getContext('2d', {willReadFrequently: true});
        to.lineWidth = PEN;
        to.lineJoin = to.lineCap = 'round';
        to.translate(16, 16);
        for (const stroke of this.strokes) {
            to.beginPath();
            for (const point of [stroke[0], ...stroke]) {
                to.lineTo((point.x - (left + right) / 2) * scale, (point.y - (top + bottom) / 2) * scale);
            }
            to.stroke();
        }
        const ink = to.getImageData(0, 0, 32, 32).data;
        const out = Array(64).fill(0);
        for (let k = 0; k < 1024; ++k) {
            if (ink[4 * k + 3] > 127) ++out[Math.floor(k / 128) * 8 + Math.floor(k % 32 / 4)];
        }
        return out;
    }
}
