const names = [
  "report.pdf",
  "setup.exe",
  "photo.jpg",
  "archive.zip",
  "note.txt",
  "page.html",
  "a.b.scr",
  "Gr\xfc\xdfe.doc",
];
const types = [
  "text/plain",
  "text/html",
  "application/octet-stream",
  "image/jpeg",
  "application/pdf",
  "application/zip",
];
const words = [
  "invoice",
  "hello",
  ".",
  "..dots",
  "secret",
  "From here",
  "",
  "--almost",
  "x".repeat(200),
  "a\tb",
  "=3D",
  "http://example.test/a",
];
const encodings = ["7bit", "base64", "quoted-printable", "8bit", "BASE64 ", "x-unknown"];

type Random = () => number;

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}

/** A message of random structure with CRLF lines, one character a byte: nested, encoded, sometimes broken. The same for the same random numbers. */
export function generatedMessage(random: Random): string {
  const fields = [
    `From: ${pick(random, ["a@sender.test", '"Boss" <boss@inside.test>', "=?utf-8?Q?=C3=84?= <x@other.test>"])}`,
    `Subject: ${pick(random, ["hello", "your invoice", "=?utf-8?B?c2VjcmV0?=", "the report"])}`,
    ...(random() < 0.5 ? ["X-Secret: yes"] : []),
    ...(random() < 0.2 ? ["Received: from x\r\n\tby y; Mon, 1 Jan 2024 00:00:00 +0000"] : []),
    `Message-ID: <${Math.floor(random() * 1e9)}@sender.test>`,
    "MIME-Version: 1.0",
  ];
  return `${fields.join("\r\n")}\r\n${entity(random, 0)}`;
}

/** The rest of a header, the empty line and a body that ends with a line break. */
function entity(random: Random, depth: number): string {
  const kind = random();
  if (kind < 0.5 && depth < 4) return multipart(random, depth);
  if (kind < 0.6 && depth < 4) {
    return `Content-Type: message/rfc822\r\n\r\nFrom: inner@x.test\r\nSubject: inner\r\n${entity(random, depth + 1)}`;
  }
  return leaf(random);
}

function multipart(random: Random, depth: number): string {
  const boundary = `b${depth}-${Math.floor(random() * 1e6)}`;
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => entity(random, depth + 1));
  const quoted = random() < 0.5 ? `"${boundary}"` : boundary;
  const closing = random() < 0.9 ? `--${boundary}--\r\n` : "";
  const preamble = random() < 0.3 ? "preamble\r\n" : "";
  const type = pick(random, ["mixed", "alternative", "related"]);
  const delimited = parts.map((part) => `--${boundary}\r\n${part}`);
  return `Content-Type: multipart/${type}; boundary=${quoted}\r\n\r\n${preamble}${delimited.join("")}${closing}`;
}

function leaf(random: Random): string {
  const name = random() < 0.5 ? pick(random, names) : null;
  const encoding = pick(random, encodings);
  const lines = Array.from({ length: Math.floor(random() * 12) }, () => pick(random, words));
  const text = `${lines.join("\r\n")}\r\n`;
  const fields = [
    ...(random() < 0.9 ? [`Content-Type: ${pick(random, types)}${name === null ? "" : `; name="${name}"`}`] : []),
    ...(name === null ? [] : [`Content-Disposition: attachment; filename="${name}"`]),
    ...(random() < 0.8 ? [`Content-Transfer-Encoding: ${encoding}`] : []),
  ];
  const head = fields.length === 0 ? "" : `${fields.join("\r\n")}\r\n`;
  return `${head}\r\n${encoding.trim().toLowerCase() === "base64" ? base64(text) : text}`;
}

function base64(text: string): string {
  const encoded = Buffer.from(text, "latin1").toString("base64");
  return `${(encoded.match(/.{1,76}/g) ?? []).join("\r\n")}\r\n`;
}
