// Functions of x and y as people type them. No eval: what is typed becomes nothing but calls of Math.

const FUNCTIONS = {
    sin: Math.sin, cos: Math.cos, tan: Math.tan, atan: Math.atan, tanh: Math.tanh, exp: Math.exp,
    log: Math.log, sqrt: Math.sqrt, abs: Math.abs, floor: Math.floor, round: Math.round, sign: Math.sign,
    min: Math.min, max: Math.max,
};
const ARGUMENTS = {min: 2, max: 2};
const CONSTANTS = {pi: Math.PI, e: Math.E};
const NESTED = 100;  // deeper than anyone types; keeps the stack
const LONG = 1000;

// The function (x, y) => number that `text` describes. Throws an Error with a sentence where it describes none.
function parseExpression(text) {
    const tokens = [...text.matchAll(/\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z]\w*)|(\*\*|\S))/g)]
        .map(match => ({number: match[1], name: match[2], sign: match[3],
                        at: match.index + match[0].length - (match[1] || match[2] || match[3]).length + 1}));
    let next = 0;
    let depth = 0;
    const sees = sign => tokens[next] && tokens[next].sign === sign;
    const take = sign => sees(sign) && ++next;
    const here = () => tokens[next]
        ? `“${tokens[next].number || tokens[next].name || tokens[next].sign}” at character ${tokens[next].at}` : 'the end';

    function sum() {
        if (++depth > NESTED) throw new Error('That is nested too deeply.');
        let left = product();
        while (sees('+') || sees('-')) {
            const a = left, minus = tokens[next++].sign === '-', b = product();
            left = minus ? (x, y) => a(x, y) - b(x, y) : (x, y) => a(x, y) + b(x, y);
        }
        --depth;
        return left;
    }
    function product() {
        let left = signed();
        while (sees('*') || sees('/')) {
            const a = left, over = tokens[next++].sign === '/', b = signed();
            left = over ? (x, y) => a(x, y) / b(x, y) : (x, y) => a(x, y) * b(x, y);
        }
        return left;
    }
    function signed() {
        let minus = false;
        while (sees('-') || sees('+')) minus = (tokens[next++].sign === '-') !== minus;
        const a = power();
        return minus ? (x, y) => -a(x, y) : a;
    }
    function power() {
        const a = atom();
        if (!take('^') && !take('**')) return a;
        if (++depth > NESTED) throw new Error('That is nested too deeply.');
        const b = signed();
        --depth;
        return (x, y) => Math.pow(a(x, y), b(x, y));
    }
    function atom() {
        const token = tokens[next];
        if (!token) throw new Error('Something is missing at the end.');
        if (take('(')) return closed(sum());
        if (token.number) {
            ++next;
            const value = Number(token.number);
            return () => value;
        }
        if (!token.name) throw new Error(`A number, x, y or a function is missing before ${here()}.`);
        ++next;
        if (token.name === 'x') return x => x;
        if (token.name === 'y') return (_, y) => y;
        if (Object.hasOwn(CONSTANTS, token.name)) {
            const value = CONSTANTS[token.name];
            return () => value;
        }
        if (!Object.hasOwn(FUNCTIONS, token.name)) {
            throw new Error(`“${token.name}” is not known; there are x, y, pi, e, ${Object.keys(FUNCTIONS).join(', ')}.`);
        }
        return call(token.name);
    }
    function call(name) {
        const f = FUNCTIONS[name], count = ARGUMENTS[name] || 1;
        if (!take('(')) throw new Error(`${name} needs its argument in parentheses.`);
        const a = sum();
        if (count === 1) return closed((x, y) => f(a(x, y)), name);
        if (!take(',')) throw new Error(`${name} takes ${count} arguments, separated by a comma.`);
        const b = sum();
        return closed((x, y) => f(a(x, y), b(x, y)), name);
    }
    function closed(inside, name) {
        if (name && sees(',')) throw new Error(`${name} takes ${ARGUMENTS[name] || 'one'} ${ARGUMENTS[name] ? 'arguments' : 'argument'}, no more.`);
        if (!take(')')) throw new Error(`A closing parenthesis is missing before ${here()}.`);
        return inside;
    }

    if (!tokens.length) throw new Error('Type a function of x and y.');
    if (tokens.length > LONG) throw new Error(`That is too long: ${LONG} numbers, names and signs at most.`);
    const result = sum();
    if (next < tokens.length) throw new Error(`An operator is missing before ${here()}.`);
    return result;
}
