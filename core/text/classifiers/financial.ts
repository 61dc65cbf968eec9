import { luhn, remainder } from "./check-digits.ts";
import { type Classifier, plain, type Reading, standingAlone } from "./classifier.ts";

/** Ranges of the first digits, and the lengths that the network issues. ISO/IEC 7812-1 and the networks' public BIN tables. */
const issuers: [first: RegExp, lengths: readonly number[]][] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:6011|64[4-9]|65|622(?:12[6-9]|1[3-9]|[2-8]|9[01]|92[0-5]))/, [16, 17, 18, 19]], // Discover
  [/^(?:30[0-5]|3095|36|3[89])/, [14, 15, 16, 17, 18, 19]], // Diners Club
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]], // JCB
  [/^62/, [16, 17, 18, 19]], // UnionPay
  [/^(?:50(?:18|20|38)|5893|6304|67(?:59|6[1-3]))/, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
];

function isCard(value: string): boolean {
  return luhn(value) && issuers.some(([first, lengths]) => lengths.includes(value.length) && first.test(value));
}

/** One run of digits, or groups as they are printed: fours, 4-6-5 (American Express) or 4-6-4 (Diners Club), one kind of separator. */
const cardLayouts = String.raw`\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}`;

const paymentCard: Classifier = {
  name: "payment-card",
  label: "Payment card number",
  expression: standingAlone(cardLayouts, false),
  read: (candidate) => {
    // A group of up to three digits after the fourth may be the end of a long number, or a security code beside it.
    const lastGroup = /[ -]\d{1,3}$/.exec(candidate)?.index;
    for (const length of [candidate.length, lastGroup ?? 0]) {
      const value = plain(candidate.slice(0, length));
      if (isCard(value)) return { value, length };
    }
    return null;
  },
  shown: { first: 4, last: 4 },
};

/** ISO 13616, IBAN registry (SWIFT): characters of an IBAN by country. */
const ibanLengths = new Map(
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
/** Characters of the longest one, and two more that show whether it goes on. */
const ibanLooked = 35;

/** ISO/IEC 7064 MOD 97-10 over the number with its first four characters last and letters as 10 to 35. */
function readIban(candidate: string): Reading | null {
  const length = ibanLengths.get(candidate.slice(0, 2).toUpperCase());
  if (length === undefined) return null;
  let end = 0;
  for (let taken = 0; taken < length && end < candidate.length; end++) if (!/[ -]/.test(candidate[end] ?? "")) taken++;
  const value = plain(candidate.slice(0, end));
  if (value.length < length || /[A-Za-z0-9]/.test(candidate[end] ?? "")) return null;
  return remainder(`${value.slice(4)}${value.slice(0, 4)}`, 97) === 1 ? { value, length: end } : null;
}

const iban: Classifier = {
  name: "iban",
  label: "IBAN",
  expression: new RegExp(String.raw`(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,${ibanLooked - 4}}`, "gi"),
  read: readIban,
  shown: { first: 4, last: 4 },
};

export const financialClassifiers: readonly Classifier[] = [paymentCard, iban];
