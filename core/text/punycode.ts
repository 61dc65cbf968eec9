/** RFC 3492 §5: the parameters of Punycode. */
const base = 36;
const skew = 38;
const damp = 700;
const firstThreshold = { min: 1, max: 26 };
/** A label of the DNS; a longer one is no name. Octets. */
const labelMax = 63;

/** A host with its `xn--` labels as people see them (RFC 5891 §5.2); a label that is not valid Punycode stays as it is. */
export function unicodeHost(host: string): string {
  if (!host.includes("xn--")) return host;
  return host
    .split(".")
    .map((label) => (label.startsWith("xn--") && label.length <= labelMax ? decode(label.slice(4)) || label : label))
    .join(".");
}

/** RFC 3492 §6.2. Null: not valid. */
function decode(input: string): string | null {
  const hyphen = input.lastIndexOf("-");
  const output = [...input.slice(0, Math.max(hyphen, 0))].map((basic) => basic.codePointAt(0) ?? 0);
  let n = 128;
  let bias = 72;
  let i = 0;
  for (let at = hyphen + 1; at < input.length; ) {
    const before = i;
    let weight = 1;
    for (let k = base; ; k += base) {
      const digit = digitOf(input.charCodeAt(at++));
      if (digit === null) return null;
      i += digit * weight;
      const threshold = Math.min(Math.max(k - bias, firstThreshold.min), firstThreshold.max);
      if (digit < threshold) break;
      weight *= base - threshold;
    }
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    n += Math.floor(i / length);
    if (n > 0x10ffff) return null;
    i %= length;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

function digitOf(code: number): number | null {
  if (code >= 97 && code <= 122) return code - 97;
  return code >= 48 && code <= 57 ? code - 22 : null;
}

/** RFC 3492 §6.1. */
function adapt(given: number, length: number, first: boolean): number {
  let delta = Math.floor(given / (first ? damp : 2));
  delta += Math.floor(delta / length);
  let k = 0;
  for (; delta > ((base - firstThreshold.min) * firstThreshold.max) / 2; k += base) {
    delta = Math.floor(delta / (base - firstThreshold.min));
  }
  return k + Math.floor(((base - firstThreshold.min + 1) * delta) / (delta + skew));
}
