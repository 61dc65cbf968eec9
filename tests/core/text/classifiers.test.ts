import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifierNamed, classifiers, findAll } from "#core/text/classifiers/classifiers.ts";
import { masked, sampleCharactersMax } from "#core/text/mask.ts";
import { expectLinearTime } from "../../support/linear-time.ts";

const jwtHeader = btoa(JSON.stringify({ typ: "JWT", alg: "HS256" })).replaceAll("=", "");
const notJwtHeader = btoa(JSON.stringify({ typ: "JWT", length: 256 })).replaceAll("=", "");

/** Numbers are test numbers that issuers and authorities publish, or made by their rule. */
const vectors: Record<string, { found: string[]; missed: string[] }> = {
  "payment-card": {
    found: [
      "4111 1111 1111 1111",
      "4111-1111-1111-1111",
      "4111111111111111",
      "4222222222222",
      "5555555555554444",
      "2223003122003222",
      "378282246310005",
      "3782 822463 10005",
      "6011000990139424",
      "30569309025904",
      "3056 930902 5904",
      "3530111333300000",
      "6759649826438453",
      "4111 1111 1111 1111 123",
      "4111111111111111,5555555555554444",
    ],
    missed: [
      "4111 1111 1111 1112", // check digit
      "9111 1111 1111 1111", // no such issuer
      "41111111111111112", // one digit more
      "14111111111111111", // inside a longer number
      "4111-1111 1111-1111", // two kinds of separators
      "4111  1111  1111  1111x", // goes on
      "0.4111111111111111",
      "12-4111-1111-1111-1111",
      "0000 0000 0000 0000",
      "378282246310006",
      "2221 0000 0000 000",
    ],
  },
  iban: {
    found: [
      "DE89 3704 0044 0532 0130 00",
      "DE89370400440532013000",
      "GB29 NWBK 6016 1331 9268 19 and",
      "ES91 2100 0418 4502 0005 1332 from",
      "nl91 abna 0417 1643 00",
      "FR14 2004 1010 0505 0001 3M02 606",
      "MT84MALT011000012345MTLCAST001S",
      "NO93 8601 1117 947",
      "DE89-3704-0044-0532-0130-00",
    ],
    missed: [
      "DE89 3704 0044 0532 0130 01",
      "DE89 3704 0044 0532 0130",
      "DE89 3704 0044 0532 0130 001",
      "XX89 3704 0044 0532 0130 00",
      "ADE89 3704 0044 0532 0130 00",
      "DE88 3704 0044 0532 0130 00",
    ],
  },
  "us-ssn": {
    found: ["123-45-6789", "123 45 6789", "123456789", "899-99-9999"],
    missed: [
      "000-45-6789",
      "666-45-6789",
      "900-45-6789",
      "123-00-6789",
      "123-45-0000",
      "078-05-1120",
      "123-45 6789",
      "1123-45-6789",
      "123-45-67890",
    ],
  },
  "ca-sin": {
    found: ["130 692 544", "193-456-787", "130692544"],
    missed: ["130 692 545", "046 454 286", "846 454 286", "111 111 111"],
  },
  "au-tfn": { found: ["123 456 782", "876543210"], missed: ["123 456 783", "000 000 000", "1234567820"] },
  "br-cpf": {
    found: ["529.982.247-25", "52998224725"],
    missed: ["529.982.247-26", "529.982.247-15", "111.111.111-11"],
  },
  "br-cnpj": {
    found: ["11.222.333/0001-81", "11222333000181", "12.ABC.345/01DE-35"],
    missed: ["11.222.333/0001-82", "11.222.333/0001-91", "00.000.000/0000-00", "12.ABC.345/01DF-35"],
  },
  "in-aadhaar": {
    found: ["2341 2341 2346", "999941057058"],
    missed: ["2341 2341 2347", "1341 2341 2346", "3241 2341 2346", "2341 2341-2346"],
  },
  "uk-nino": {
    found: ["AB 12 34 56 C", "ab123456c", "JG103759A"],
    missed: ["QQ123456C", "AO123456C", "GB123456A", "AB123456E", "AB1234567C"],
  },
  "uk-nhs-number": {
    found: ["943 476 5919", "943-476-5919", "9434765919"],
    missed: ["943 476 5918", "943 467 5919", "9434765919 1".replace(" ", "")],
  },
  "de-tax-id": {
    found: ["86095742719", "86 095 742 719", "47036892816", "65929970489"],
    missed: ["86095742718", "01234567890", "12345678903", "11122345670", "860957427190"],
  },
  "de-id-card": {
    found: ["T220001293", "T22000129 3", "L01X00T471", "LZ6311T475D"],
    missed: ["T220001294", "A220001293", "TT20001293E", "T2200O1293"],
  },
  "fr-nir": {
    found: ["255081416802538", "2 55 08 14 168 025 38", "269054958815780"],
    missed: ["255081416802539", "955081416802538", "255131416802538", "2550814168025381"],
  },
  "es-dni-nie": {
    found: ["12345678Z", "12.345.678-Z", "X1234567L", "x-1234567-l", "Y0000000Z"],
    missed: ["12345678A", "X1234567Z", "W1234567L", "123456789Z"],
  },
  "it-codice-fiscale": {
    found: ["RSSMRA85T10A562S", "mrtmtt25d09f205z", "MRTMTT25D09F20RC".replace("RC", "5Z")],
    missed: ["RSSMRA85T10A562T", "RSSMRA85F10A562S", "RSSMRA85T10A562SX"],
  },
  "nl-bsn": {
    found: ["111222333", "1234.56.782", "123456782"],
    missed: ["111222334", "123456783", "000000000", "1112223330"],
  },
  "be-national-number": {
    found: ["85.07.30-033.28", "85.07.30-033 28", "85073003328", "17073003384"],
    missed: ["85073003329", "17073003385", "85393203328"],
  },
  "pl-pesel": { found: ["44051401359", "02070803628"], missed: ["44051401358", "44133101359", "440514013590"] },
  "se-personnummer": {
    found: ["811218-9876", "19811218-9876", "198112189876", "811218+9876", "670919-9530"],
    missed: ["811218-9875", "8112189876", "811318-9876", "811232-9876"],
  },
  "ch-ahv": {
    found: ["756.9217.0769.85", "7569217076985", "756 1234 5678 97"],
    missed: ["756.9217.0769.84", "757.9217.0769.85", "756.9217.0769.851"],
  },
  "at-svnr": {
    found: ["1237 010180", "1237010180"],
    missed: ["1238 010180", "0237 010180", "1237 321280", "1237 011680"],
  },
  "private-key": {
    found: [
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      "-----BEGIN PGP PRIVATE KEY BLOCK-----",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    ],
    missed: [
      "-----BEGIN PUBLIC KEY-----",
      "-----BEGIN CERTIFICATE-----",
      "BEGIN PRIVATE KEY",
      "-----END PRIVATE KEY-----",
    ],
  },
  "aws-access-key": {
    found: ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"],
    missed: ["AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLE1", "ABIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN1EXAMPLE"],
  },
  "json-web-token": {
    found: [`${jwtHeader}.eyJzdWIiOiIxIn0.c2lnbmF0dXJl`, `${jwtHeader}.eyJzdWIiOiIxIn0.`],
    missed: [`${notJwtHeader}.eyJzdWIiOiIxIn0.c2ln`, "eyJhbGciOiJub25lIn.x", `${jwtHeader}.abc.def`],
  },
  password: {
    found: ["password: hunter2!", "Passwort=geheim123", "api_key = 'abcdef123456'", "client-secret: abc/def+ghi"],
    missed: ["password: ", "the password is secret", "password: ********", "password: short", "compassword:hunter2!"],
  },
  "email-address": {
    found: ["john.doe@example.com", "a+b@x.co.uk"],
    missed: ["john@localhost", "@example.com", "a@b..com"],
  },
};

const found = (name: string, text: string) => {
  const classifier = classifierNamed(name);
  return classifier === null ? [] : [...findAll(classifier, text)];
};

describe.each(classifiers.map(({ name, label }) => [label, name]))("%s", (_, name) => {
  const { found: positives, missed } = vectors[name] ?? { found: [], missed: [] };

  it("has vectors", () => {
    expect(positives.length).toBeGreaterThanOrEqual(1);
    expect(missed.length).toBeGreaterThanOrEqual(3);
  });

  it.each(positives)("is found: %s", (text) => {
    for (const around of [text, `x ${text} y`, `(${text})`, `号码${text}。`]) {
      expect(found(name, around).length).toBeGreaterThanOrEqual(1);
    }
  });

  it.each(missed)("is not: %s", (text) => {
    for (const around of [text, `x ${text} y`, `(${text})`]) expect(found(name, around)).toEqual([]);
  });

  it("is found as often as it stands there", () => {
    const [first = ""] = positives;
    expect(found(name, `${first} ${first}, ${first};\n${first}`)).toHaveLength(4);
  });
});

describe("check digits", () => {
  const changing = classifiers.filter(({ name }) => !/us-ssn|uk-nino|private|aws|json|password|email/.test(name));

  it.each(changing.map(({ name }) => name))("find a single wrong digit of %s", (name) => {
    const text = (vectors[name]?.found[0] ?? "").replace(/ and$/, "");
    const digits = [...text].flatMap((character, at) => (/\d/.test(character) ? [at] : []));
    fc.assert(
      fc.property(fc.constantFrom(...digits), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const other = String((Number(text[at]) + by) % 10);
        const values = found(name, `${text.slice(0, at)}${other}${text.slice(at + 1)}`).map(({ value }) => value);
        // Mod 11 with a rest of ten and mod 97 by way of two centuries let few through; none is the number itself.
        expect(values).not.toContain(text.replace(/\D/g, ""));
        if (/card|iban|aadhaar|ch-ahv|ca-sin|tax-id/.test(name)) expect(values).toEqual([]);
      }),
    );
  });
});

describe("every classifier", () => {
  it("has a name of its own, and an expression without repetition that nothing bounds", () => {
    expect(new Set(classifiers.map(({ name }) => name)).size).toBe(classifiers.length);
    for (const { expression } of classifiers) {
      expect(expression.source.replace(/\[(?:\\.|[^\]])*\]|\\./g, "_")).not.toMatch(/[*+]|\{\d+,\}/);
    }
  });

  it("knows which texts it is in at any place, whatever stands around", () => {
    const around = fc.string({ unit: fc.constantFrom(" ", "1", "-", ".", "a", "Z", "\n", "@") });
    const one = fc.constantFrom(...classifiers);
    fc.assert(
      fc.property(one, around, around, (classifier, before, after) => {
        const text = `${before}\n ${vectors[classifier.name]?.found[0] ?? ""} \n${after}`;
        const spans = [...findAll(classifier, text)];
        expect(spans.length).toBeGreaterThanOrEqual(1);
        let end = 0;
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          end = span.end;
        }
      }),
    );
  });

  it.each([
    "1234567890",
    "1 ",
    "4444 ",
    "a@",
    "A1",
    "eyJ",
    "eyJhbGciOiJI.",
    "-----BEGIN ",
    "password",
    "@a.",
    "DE12 ",
    "1-",
    "756.",
  ])("takes linear time on many %j", (piece) => {
    expectLinearTime(
      (size) => piece.repeat(size / piece.length),
      (text) => {
        for (const classifier of classifiers) for (const _ of findAll(classifier, text));
      },
    );
  });
});

describe("a masked sample", () => {
  it.each([
    ["4111 1111 1111 1111", { first: 4, last: 4 }, "4111 **** **** 1111"],
    ["378282246310005", { first: 4, last: 4 }, "378********0005"],
    ["123-45-6789", { first: 2, last: 2 }, "12*-**-**89"],
    ["abc", { first: 2, last: 2 }, "**c"],
    ["a", { first: 2, last: 2 }, "*"],
    ["hunter2", { first: 0, last: 0 }, "********"],
  ])("%s", (text, shown, sample) => {
    expect(masked(text, shown)).toBe(sample);
  });

  it("shows never more than the rule says and never more than half, whatever the secret is", () => {
    const shown = fc.record({ first: fc.nat(6), last: fc.nat(6) });
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .-]{0,80}$/), shown, (text, { first, last }) => {
        const sample = masked(text, { first, last });
        const readable = sample.replace(/[\s./*…-]/g, "").length;
        const secret = text.replace(/[\s./-]/g, "").length;
        expect(readable).toBeLessThanOrEqual(Math.min(first + last, Math.floor(secret / 2)));
        expect(sample.length).toBeLessThanOrEqual(sampleCharactersMax);
      }),
    );
  });
});
