// Starts the worker, and hands messages on.

const failed = text => {
    byId('failure').hidden = false;
    byId('failure').textContent = text;
};
let worker;
const send = message => worker.postMessage(message);

async function unpacked(id) {
    const bytes = Uint8Array.from(atob(byId(id).textContent.trim()), letter => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function begin() {
    const [code, data, genes] = await Promise.all(['code', 'data', 'genes'].map(unpacked));
    const trained = Number(byId('data').dataset.trained);
    const text = '"use strict";' + byId('worker').textContent.replaceAll('<\\/', '</');
    worker = new Worker(URL.createObjectURL(new Blob([text], {type: 'text/javascript'})));
    const beginDigits = readyDigits(data, trained);
    readyLandscapes();
    const handlers = {
        ready: ({rates, examples}) => {
            beginDigits(rates, examples);
            survey();
            document.body.dataset.ready = 'yes';
        },
        learned, answered, tried, taught, surveyed, searched,
        failed: ({of, text: problem}) => {
            if (of === 'survey') return sayWrong({field: 'formula', text: problem});
            failed(`Something went wrong: ${problem}`);
        },
    };
    worker.onmessage = ({data: message}) => handlers[message.type](message);
    worker.onerror = event => failed(`The worker stopped: ${event.message}`);
    send({type: 'start', code, digits: data, trained, genes});
}

function redraw() {
    readPalette();
    paintMap();
    showLearning();
    showTries();
    pad?.draw();
    changed(drawn);
    showMap();
}
if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function') {
    failed('This page needs WebAssembly and DecompressionStream, which browsers have had since 2023.');
} else {
    begin().catch(problem => failed(`This page did not start: ${problem.message}`));
    let width = 0;
    new ResizeObserver(() => {
        if (worker && width !== window.innerWidth) redraw();
        width = window.innerWidth;
    }).observe(document.body);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}
