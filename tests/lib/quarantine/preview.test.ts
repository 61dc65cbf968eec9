import { expect, test } from "vitest";
import { fileText, htmlOf, previewOf } from "#lib/quarantine/preview.ts";
import { htmlToText, safeDocument } from "#lib/quarantine/safe-html.ts";

const message = (lines: readonly string[]) => Buffer.from(lines.join("\r\n"), "latin1");

const alternative = message([
  "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>",
  "Subject: Offer",
  "Content-Type: multipart/mixed; boundary=m",
  "",
  "--m",
  "Content-Type: multipart/alternative; boundary=a",
  "",
  "--a",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Gr=FC=DFe",
  "--a",
  "Content-Type: text/html; charset=utf-8",
  "",
  "<p>Hello</p>",
  "--a--",
  "--m",
  'Content-Type: application/msword; name="offer.docm"',
  "Content-Transfer-Encoding: base64",
  "",
  "AAAA",
  "--m--",
  "",
]);

test("a message is shown as its header, decoded, its first text in its charset, and its parts", () => {
  const preview = previewOf(alternative, false);
  expect(preview.fields[0]).toEqual({ name: "From", value: "Jürgen <j@example.org>" });
  expect(preview).toMatchObject({ text: "Grüße", fromHtml: false, hasHtml: true, cut: false });
  expect(preview.parts.map(({ fileName, contentType, bytes }) => [fileName, contentType, bytes])).toEqual([
    [null, "text/plain", 5],
    [null, "text/html", 12],
    ["offer.docm", "application/msword", 3],
  ]);
  expect(htmlOf(alternative)).toBe("<p>Hello</p>");
});

test("where there is only HTML its text is shown", () => {
  const html = message(["Content-Type: text/html", "", "<h1>Pay</h1><script>x()</script><p>now &amp; <b>here</b></p>"]);
  expect(previewOf(html, false)).toMatchObject({ text: "Pay\nnow & here", fromHtml: true, hasHtml: true });
});

test("text that is an attachment is listed and not shown", () => {
  const attached = message(["Content-Type: text/plain", "Content-Disposition: attachment; filename=a.txt", "", "x"]);
  expect(previewOf(attached, true)).toMatchObject({ text: null, parts: [{ fileName: "a.txt" }], cut: true });
});

test("where mail readers disagree is said", () => {
  const twice = message(["Content-Type: text/plain", "Content-Type: text/html", "", "x", ""]);
  expect(previewOf(twice, false).remarks.join()).toContain("Mail readers disagree");
});

test("a charset that nobody knows is read as UTF-8, and a header of ten thousand lines shows its first 200", () => {
  const odd = message(["Content-Type: text/plain; charset=x-none", "", "text", ""]);
  expect(previewOf(odd, false).text).toBe("text\r\n");
  const many = message([...Array.from({ length: 10_000 }, (_, n) => `X-${n}: 1`), "", "text"]);
  expect(previewOf(many, false).fields).toHaveLength(200);
});

test("a file is text when it says so, and nothing otherwise", () => {
  expect(fileText(Buffer.from("a,b"), "text/csv")).toBe("a,b");
  expect([fileText(Buffer.from("x"), "image/png"), fileText(Buffer.from("x"), null)]).toEqual([null, null]);
});

test("a hostile message of 4 MiB is read in little time", () => {
  const hostile = [
    `Content-Type: text/html\r\n\r\n${"<b>".repeat(1_300_000)}`,
    `Content-Type: text/html\r\n\r\n${"<a href='".repeat(400_000)}`,
    `Content-Type: text/html\r\n\r\n<p style="${"color:red;".repeat(400_000)}">`,
    `Content-Type: text/html\r\n\r\n${"<!--".repeat(1_000_000)}`,
    `Content-Type: text/html\r\n\r\n${"&".repeat(4_000_000)}`,
  ];
  for (const text of hostile) {
    const began = performance.now();
    const bytes = Buffer.from(text);
    previewOf(bytes, false);
    safeDocument(htmlOf(bytes) ?? "");
    // A bound against growth by the square, not a measurement.
    expect(performance.now() - began).toBeLessThan(5_000);
  }
}, 60_000);

const inert = (html: string) => /<body>(.*)<\/body>/s.exec(safeDocument(html))?.[1] ?? "";

test.each([
  ["<script>alert(1)</script>x", "x"],
  ["<ScRiPt src=//e.test/x.js></sCrIpT>x", "x"],
  ['<p onclick="alert(1)" id=x class=y>x</p>', "<p>x</p>"],
  ["<svg onload=alert(1)><circle/></svg>x", "x"],
  ["<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>x", "x"],
  ["<iframe src=https://e.test></iframe><object data=x></object><embed src=x>x", "x"],
  ['<form action="https://e.test"><input name=p><button>Go</button></form>', "Go"],
  ['<meta http-equiv="refresh" content="0;url=https://e.test"><base href="https://e.test/">x', "x"],
  ['<link rel=stylesheet href="https://e.test/x.css"><style>@import "https://e.test"</style>x', "x"],
  ['<p style="background:url(https://e.test/x)">x</p>', "<p>x</p>"],
  ['<p style="color:red;position:fixed;top:0;width:100%">x</p>', '<p style="color:red;width:100%">x</p>'],
  [
    '<body background="https://e.test/x"><table background="https://e.test/x"><tr><td>x</td></tr></table>',
    "<table><tr><td>x</td></tr></table>",
  ],
  ["<!--[if mso]><script>x</script><![endif]-->x", "x"],
  ["</body></html><script>alert(1)</script>x", "x"],
])("of %j stays %j", (html, expected) => {
  expect(inert(html)).toBe(expected);
});

test.each([
  ["https://evil.test/login", "evil.test"],
  ["https://bank.test@evil.test/", "evil.test"],
  ["java\nscript:alert(1)", "a javascript: link"],
  ["data:text/html,<script>x</script>", "a data: link"],
  ["mailto:a@b.test", "mail to a@b.test"],
  ["//evil.test", "a link that leads nowhere"],
])("a link to %j leads nowhere and says: %j", (href, title) => {
  const link = inert(`<a href="${href.replaceAll("<", "&lt;")}" target=_top ping="https://e.test">Your bank</a>`);
  expect(link).toBe(`<a title="${title}">Your bank</a>`);
});

test("images from elsewhere are named in place of shown; those in the message itself are shown, unless they are documents", () => {
  expect(inert('<img src="https://e.test/p.gif" alt="logo" srcset="https://e.test/2x">')).toBe(
    '<img alt="[image: logo]" />',
  );
  expect(inert('<img src="cid:1@x">')).toBe('<img alt="[image]" />');
  expect(inert('<img src="data:image/svg+xml;base64,AAAA">')).toBe('<img alt="[image]" />');
  expect(inert('<img src="data:image/png;base64,AAAA">')).toContain('src="data:image/png;base64,AAAA"');
});

test("the document forbids every request before anything of the message stands in it", () => {
  const document = safeDocument("<p>x</p>");
  const policy = document.indexOf("default-src 'none'");
  expect(policy).toBeGreaterThan(0);
  expect(document.indexOf("<p>x</p>")).toBeGreaterThan(policy);
});

test("the text of HTML has a line for each block and none of its signs", () => {
  expect(htmlToText("<table><tr><td>a</td></tr><tr><td>b &lt;c&gt;</td></tr></table><p>d<br>e</p>")).toBe(
    "a\nb <c>\nd\ne",
  );
});
