import { ean13, isDay, luhn, mod11And10, remainder, weightedSum } from "./check-digits.ts";
import { type Classifier, format } from "./classifier.ts";

/** HMRC, National Insurance Manual NIM39110: letters that are not used, and prefixes that are not given out. No check digit. */
const ukNino = format(
  "uk-nino",
  "UK National Insurance number",
  String.raw`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]`,
  (value) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(value),
  { anyCase: true },
);

/** NHS Data Dictionary, NHS NUMBER: modulus 11 of weights 10 to 2; a check of 10 is not given out. */
const ukNhs = format(
  "uk-nhs-number",
  "UK NHS number",
  String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`,
  (value) => (11 - (weightedSum(value, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(value[9]),
  { near: ["nhs", "patient", "patients", "national health", "health service"] },
);

/**
 * § 139b AO; BZSt, Prüfziffernberechnung der steuerlichen Identifikationsnummer: of the first ten digits one stands there twice or
 * three times (not in a row of three), all others once at most; ISO/IEC 7064 MOD 11,10.
 */
const deTaxId = format(
  "de-tax-id",
  "German tax identification number",
  String.raw`[1-9]\d ?\d{3} ?\d{3} ?\d{3}`,
  (value) => {
    const body = value.slice(0, 10);
    const different = new Set(body).size;
    const repeated = [...new Set(body)].filter((digit) => body.split(digit).length > 2).length;
    return repeated === 1 && (different === 9 || different === 8) && !/(\d)\1\1/.test(body) && mod11And10(value);
  },
);

/** ICAO Doc 9303 part 3 §4.9 (weights 7, 3, 1; letters count from 10) over the nine characters of § 3 PAuswV, and their check digit. */
const deIdCard = format(
  "de-id-card",
  "German identity card number",
  String.raw`[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ0-9]{8} ?\dD?`,
  (value) => {
    const ranks = Array.from(value.slice(0, 9), (character) => Number.parseInt(character, 36));
    const sum = ranks.reduce((total, rank, at) => total + rank * ([7, 3, 1][at % 3] ?? 0), 0);
    return sum % 10 === Number(value[9]);
  },
  { near: ["personalausweis", "personalausweisnummer", "ausweis", "ausweisnummer", "identity card", "id card"] },
);

/** INSEE, NIR: sex, year, month (20 and over: unknown), department, commune, order; key 97 − (number mod 97), Corsica 2A as 19, 2B as 18. */
const frNir = format(
  "fr-nir",
  "French social security number",
  String.raw`[1-478] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}`,
  (value) => {
    const number = value.slice(0, 13).replace("2A", "19").replace("2B", "18");
    return /^\d+$/.test(number) && 97 - remainder(number, 97) === Number(value.slice(13));
  },
  { anyCase: true },
);

const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Real Decreto 1553/2005 and Orden INT/2058/2008: the letter is the number mod 23; X, Y, Z of a NIE count as 0, 1, 2. */
const esDni = format(
  "es-dni-nie",
  "Spanish DNI or NIE",
  String.raw`(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ][ -]?\d{7})[ -]?[A-Z]`,
  (value) => {
    const number = value.slice(0, -1).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
    return spanishLetters[Number(number) % 23] === value.at(-1);
  },
  { anyCase: true },
);

/** DM 23/12/1976: what a character in an odd place counts, 0 to 9 and A to Z; in an even place it counts its own rank. */
const italianOdd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** DM 23/12/1976, art. 3; digits may be letters (omocodia), L to V without O. */
const itCodiceFiscale = format(
  "it-codice-fiscale",
  "Italian codice fiscale",
  String.raw`[A-Z]{6}[ -]?[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[ -]?[A-Z][\dLMNP-V]{3}[A-Z]`,
  (value) => {
    const sum = Array.from(value.slice(0, 15), (character, at) => {
      const rank = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
      return at % 2 === 0 ? (italianOdd[rank] ?? 0) : rank;
    }).reduce((total, term) => total + term, 0);
    return String.fromCharCode(65 + (sum % 26)) === value[15];
  },
  { anyCase: true },
);

/** Wet algemene bepalingen burgerservicenummer, Besluit bsn art. 2: the eleven test, with −1 for the last digit. */
const nlBsn = format(
  "nl-bsn",
  "Dutch citizen service number",
  String.raw`\d{4}[ .]?\d{2}[ .]?\d{3}|\d{3}[ .]\d{3}[ .]\d{3}`,
  (value) => !/^0{3}/.test(value) && weightedSum(value, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  { near: ["bsn", "burgerservicenummer", "sofinummer", "sofi-nummer", "persoonsnummer"] },
);

/** Arrêté royal du 3 avril 1984: 97 − (the first nine digits mod 97), with a 2 before them for those born from 2000 on. */
const beNationalNumber = format(
  "be-national-number",
  "Belgian national register number",
  String.raw`\d{2}[. ]?\d{2}[. ]?\d{2}[ -]?\d{3}[. ]?\d{2}`,
  (value) => {
    const check = Number(value.slice(9));
    const number = value.slice(0, 9);
    const month = Number(value.slice(2, 4)) % 20;
    const day = Number(value.slice(4, 6));
    return month <= 12 && day <= 31 && [number, `2${number}`].some((digits) => 97 - remainder(digits, 97) === check);
  },
);

/** Ustawa o ewidencji ludności, art. 15: weights 1, 3, 7, 9; the century stands in the month. */
const plPesel = format(
  "pl-pesel",
  "Polish PESEL",
  String.raw`\d{11}`,
  (value) =>
    isDay(Number(value.slice(4, 6)), Number(value.slice(2, 4)) % 20) &&
    weightedSum(value, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
);

/** Folkbokföringslagen § 18, SKV 704: Luhn over ten digits; a coordination number has 60 added to the day. */
const sePersonnummer = format(
  "se-personnummer",
  "Swedish personal identity number",
  String.raw`(?:19|20)\d{6}[+-]?\d{4}|\d{6}[+-]\d{4}`,
  (value) => {
    const digits = value.replace("+", "").slice(-10);
    return isDay(Number(digits.slice(4, 6)) % 60, Number(digits.slice(2, 4))) && luhn(digits);
  },
);

/** AHVG art. 50c; BSV, AHV-Nummer: 756 for Switzerland, check digit of EAN-13. */
const chAhv = format("ch-ahv", "Swiss AHV number", String.raw`756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}`, ean13);

/** § 31 ASVG, Hauptverband: check digit fourth, weights 3, 7, 9, 5, 8, 4, 2, 1, 6 mod 11; 10 is not given out. Months 13 to 15: no birthday left. */
const atSvnr = format(
  "at-svnr",
  "Austrian social insurance number",
  String.raw`[1-9]\d{3}[ -]?\d{2}[ .]?\d{2}[ .]?\d{2}`,
  (value) => {
    const [day, month] = [Number(value.slice(4, 6)), Number(value.slice(6, 8))];
    if (day < 1 || day > 31 || month < 1 || month > 15) return false;
    return weightedSum(value, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(value[3]);
  },
);

export const europeanClassifiers: readonly Classifier[] = [
  ukNino,
  ukNhs,
  deTaxId,
  deIdCard,
  frNir,
  esDni,
  itCodiceFiscale,
  nlBsn,
  beNationalNumber,
  plPesel,
  sePersonnummer,
  chAhv,
  atSvnr,
];
