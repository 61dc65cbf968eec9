function digitsOf(text: string): number[] {
  return Array.from(text, Number);
}

/** Sum of digit × weight over as many digits as there are weights. */
export function weightedSum(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(text[at]), 0);
}

/** ISO/IEC 7812-1 annex B: every second digit from the right is doubled and its digits added. */
export function luhn(text: string): boolean {
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    const doubled = (text.length - at) % 2 === 0 ? 2 * digit : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Remainder of a number of any length, digit by digit; letters A to Z are the numbers 10 to 35. */
export function remainder(text: string, divisor: number): number {
  let rest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    rest = (code < 65 ? rest * 10 + code - 48 : rest * 100 + code - 55) % divisor;
  }
  return rest;
}

/** ISO/IEC 7064, MOD 11,10, check digit last. */
export function mod11And10(text: string): boolean {
  let product = 10;
  for (const digit of digitsOf(text.slice(0, -1))) {
    const sum = (digit + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return (11 - product) % 10 === Number(text.at(-1));
}

/** The operation of the dihedral group of order ten: 0 to 4 turn, 5 to 9 turn over. */
function dihedral(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5;
}

const verhoeffPermutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** J. Verhoeff, Error Detecting Decimal Codes (1969), check digit last. */
export function verhoeff(text: string): boolean {
  let check = 0;
  digitsOf(text)
    .toReversed()
    .forEach((digit, place) => {
      let permuted = digit;
      for (let times = 0; times < place % 8; times++) permuted = verhoeffPermutation[permuted] ?? 0;
      check = dihedral(check, permuted);
    });
  return check === 0;
}

/** GS1 General Specifications §7.9: weights 1 and 3 in turn, check digit last. */
export function ean13(text: string): boolean {
  return weightedSum(text, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** Whether a day and a month can be those of a birth; the year is not looked at. */
export function isDay(day: number, month: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

export function allTheSame(text: string): boolean {
  return new Set(text).size === 1;
}
