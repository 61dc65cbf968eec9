import { allTheSame, luhn, verhoeff, weightedSum } from "./check-digits.ts";
import { type Classifier, format } from "./classifier.ts";

/** Numbers of advertisements and specimen cards, which SSA has withdrawn. */
const withdrawn = new Set(["078051120", "219099999"]);

/** SSA, POMS RM 10201.035: no area 000, 666 or 900 to 999, no group 00, no serial 0000. No check digit. */
const usSsn = format(
  "us-ssn",
  "US Social Security number",
  String.raw`(?!000|666|9)\d{3}([ -]?)(?!00)\d{2}\1(?!0000)\d{4}`,
  (value) => !withdrawn.has(value),
  { near: ["ssn", "ssns", "ss#", "social security", "social-security", "soc sec", "taxpayer", "tax id"] },
);

/** ESDC, Social Insurance Number Code of Practice: Luhn; nothing begins with 0 or 8. */
const caSin = format(
  "ca-sin",
  "Canadian Social Insurance Number",
  String.raw`[1-79]\d{2}[ -]?\d{3}[ -]?\d{3}`,
  (value) => !allTheSame(value) && luhn(value),
  { near: ["sin", "social insurance", "nas", "assurance sociale"] },
);

/** ATO: weights 1, 4, 3, 7, 5, 8, 6, 9, 10 mod 11. */
const auTfn = format(
  "au-tfn",
  "Australian tax file number",
  String.raw`\d{3}[ -]?\d{3}[ -]?\d{3}`,
  (value) => !allTheSame(value) && weightedSum(value, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  { near: ["tfn", "tax file", "tax-file"] },
);

/** Receita Federal: twice mod 11, where a rest below two gives 0; a character counts its code less 48. */
function brazilianCheck(body: string, weights: readonly number[]): number {
  const sum = weights.reduce((total, weight, at) => total + weight * (body.charCodeAt(at) - 48), 0);
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
}

/** Receita Federal, Instrução Normativa RFB 2172/2024: CPF. */
const brCpf = format(
  "br-cpf",
  "Brazilian CPF",
  String.raw`\d{3}\.?\d{3}\.?\d{3}[-/]?\d{2}`,
  (value) =>
    !allTheSame(value) &&
    brazilianCheck(value, [10, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(value[9]) &&
    brazilianCheck(value, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(value[10]),
);

/** Instrução Normativa RFB 2229/2024: from July 2026 on letters as well, in all places but the check digits. */
const brCnpj = format(
  "br-cnpj",
  "Brazilian CNPJ",
  String.raw`[A-Z\d]{2}\.?[A-Z\d]{3}\.?[A-Z\d]{3}/?[A-Z\d]{4}-?\d{2}`,
  (value) =>
    !allTheSame(value) &&
    brazilianCheck(value, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(value[12]) &&
    brazilianCheck(value, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(value[13]),
);

/** UIDAI: twelve digits, the first 2 to 9, Verhoeff; not the same when turned round. */
const inAadhaar = format(
  "in-aadhaar",
  "Indian Aadhaar number",
  String.raw`[2-9]\d{3}([ -]?)\d{4}\1\d{4}`,
  (value) => value !== [...value].toReversed().join("") && verhoeff(value),
  { near: ["aadhaar", "aadhar", "adhaar", "uidai", "uid", "आधार"], shown: { first: 0, last: 4 } },
);

export const otherClassifiers: readonly Classifier[] = [usSsn, caSin, auTfn, brCpf, brCnpj, inAadhaar];
