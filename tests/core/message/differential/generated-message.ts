/** Numbers in [0, 1). */
export type Random = () => number;

const words = "alpha beta gamma delta report invoice holiday -- From begin end = . .. Grüße naïve 日本 == MZ PK".split(
  " ",
);
const fileNames = [
  "report.pdf",
  "a b.txt",
  "photo (1).jpg",
  "Grüße.docx",
  "naïve.exe",
  "日本.zip",
  "x".repeat(90) + ".txt",
  "it's;odd=1.txt",
];
const types = [
  "application/octet-stream",
  "application/pdf",
  "image/png",
  "text/csv",
  "text/html",
  "application/x-tar",
];

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error("nothing to pick from");
  return chosen;
}

/** A well-formed message, with CRLF and one character a byte. */
export function generatedMessage(random: Random): string {
  const header = [
    "From: Sender <sender@sender.test>",
    "To: user@inside.test",
    `Subject: ${pick(random, ["hello", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "a\r\n folded one"])}`,
    "MIME-Version: 1.0",
  ];
  return `${header.join("\r\n")}\r\n${entity(random, 0)}`;
}

/** Header fields of the content, an empty line, a body. */
function entity(random: Random, depth: number): string {
  const kind = random();
  if (depth < 4 && kind < (depth === 0 ? 0.8 : 0.3)) return multipart(random, depth);
  if (depth < 4 && kind < 0.9 && kind > 0.82) {
    const inner = `Subject: inner\r\n${entity(random, depth + 1)}`;
    return `Content-Type: message/rfc822\r\n\r\n${inner}`;
  }
  return random() < 0.4 ? textPart(random) : filePart(random);
}

function multipart(random: Random, depth: number): string {
  const boundary = pick(random, ["edge", "----=_Part", "=_abc", "0123456789"]) + depth + Math.floor(random() * 1e6);
  const type = pick(random, ["mixed", "alternative", "related", "report", "mixed", "parallel"]);
  const written = random() < 0.3 && !/[=]/.test(boundary) ? boundary : `"${boundary}"`;
  const fold = random() < 0.4 ? "\r\n\t" : " ";
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => entity(random, depth + 1));
  const preamble = random() < 0.3 ? "This is a message in MIME format.\r\n" : "";
  const epilogue = random() < 0.2 ? "epilogue\r\n" : "";
  const body = parts.map((part) => `--${boundary}${random() < 0.05 ? "  " : ""}\r\n${part}\r\n`).join("");
  return `Content-Type: multipart/${type};${fold}boundary=${written}\r\n\r\n${preamble}${body}--${boundary}--\r\n${epilogue}`;
}

function textPart(random: Random): string {
  const text = lines(random);
  const encoding = pick(random, ["7bit", "8bit", "quoted-printable", "base64", ""]);
  const type = pick(random, ["text/plain; charset=utf-8", "text/html; charset=iso-8859-1", "text/plain", "TEXT/PLAIN"]);
  const fields = [...(random() < 0.2 && encoding === "" ? [] : [`Content-Type: ${type}`]), ...encodingField(encoding)];
  return `${fields.map((field) => `${field}\r\n`).join("")}\r\n${encoded(text, encoding)}`;
}

function filePart(random: Random): string {
  const type = pick(random, types);
  const name = pick(random, fileNames);
  const encoding = pick(random, ["base64", "base64", "quoted-printable", "8bit"]);
  const data =
    encoding === "8bit"
      ? lines(random)
      : String.fromCharCode(...Array.from({ length: 1 + Math.floor(random() * 400) }, () => random() * 256));
  const disposition = pick(random, ["attachment", "inline", "Attachment"]);
  const parameter = nameParameter(random, name);
  const fields =
    random() < 0.5
      ? [`Content-Type: ${type}`, `Content-Disposition: ${disposition};${parameter("filename")}`]
      : [`Content-Type: ${type};${parameter("name")}`, `Content-Disposition: ${disposition};${parameter("filename")}`];
  return `${[...fields, ...encodingField(encoding)].join("\r\n")}\r\n\r\n${encoded(data, encoding)}`;
}

/** Writes a name as a parameter, in one of the ways that mailers do. */
function nameParameter(random: Random, name: string): (key: string) => string {
  const utf8 = Buffer.from(name);
  const isAscii = utf8.length === name.length;
  const escaped = Array.from(utf8, (byte) =>
    /[\w.-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
  const ways: ((key: string) => string)[] = [
    (key) => ` ${key}*=utf-8''${escaped}`,
    (key) => continued(key, escaped),
    (key) => ` ${key}="=?utf-8?B?${utf8.toString("base64")}?="`,
    (key) => `\r\n ${key}="=?utf-8?Q?${escaped.replaceAll("%", "=").replaceAll("=20", "_")}?="`,
  ];
  if (isAscii)
    ways.push(
      (key) => ` ${key}="${name}"`,
      (key) => `\r\n\t${key}="${name}"`,
    );
  return pick(random, ways);
}

function continued(key: string, escaped: string): string {
  const pieces = escaped.match(/(?:%..|[^%]){1,30}/g) ?? [];
  return pieces.map((piece, index) => `\r\n ${key}*${index}*=${index === 0 ? "utf-8''" : ""}${piece}`).join(";");
}

function encodingField(encoding: string): string[] {
  return encoding === "" ? [] : [`Content-Transfer-Encoding: ${encoding}`];
}

function lines(random: Random): string {
  const count = Math.floor(random() * 8);
  const text = Array.from({ length: count }, () =>
    Array.from({ length: Math.floor(random() * 9) }, () => pick(random, words)).join(" "),
  );
  return Buffer.from(text.map((line) => `${line}\r\n`).join("")).toString("latin1");
}

function encoded(data: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(data, "latin1").toString("base64").replace(/.{76}/g, "$&\r\n");
  if (encoding === "quoted-printable") return quoted(data);
  return data;
}

function quoted(data: string): string {
  const escapes = data.replace(/\r\n|[^\x21-\x3c\x3e-\x7e ]|=| (?=\r\n|$)/g, (text) =>
    text === "\r\n" ? text : `=${text.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return escapes.replace(/((?:=..|[^=\r\n]){70})(?=[^\r\n])/g, "$1=\r\n");
}
