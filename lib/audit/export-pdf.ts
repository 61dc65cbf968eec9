import PDFDocument from "pdfkit";
import { drawTable } from "./pdf-table.ts";
import type { AuditReport, PublishView } from "./report.ts";

const margin = 36;
const textColor = "#1C1917";
const mutedColor = "#57534E";

/** The report for reading and printing: range, chain head, what was published, the rules in force, the log. Times are UTC. */
export async function auditPdf(report: AuditReport): Promise<Uint8Array<ArrayBuffer>> {
  const doc = new PDFDocument({
    size: "A4",
    layout: "landscape",
    margin,
    bufferPages: true,
    lang: "en",
    displayTitle: true,
    info: { Title: "Postern audit report", Author: report.generatedBy, CreationDate: report.generatedAt },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    doc
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", resolve)
      .on("error", reject);
  });
  drawHead(doc, report);
  drawPublishes(doc, report.publishes);
  drawRules(doc, report);
  drawLog(doc, report);
  numberPages(doc, report.chain.head);
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

function drawHead(doc: PDFKit.PDFDocument, report: AuditReport): void {
  const { filter, chain } = report;
  doc.font("Helvetica-Bold").fontSize(16).fillColor(textColor).text("Audit report");
  doc.moveDown(0.5).fontSize(9);
  drawFact(
    doc,
    "Range",
    `${filter.from === null ? "the beginning" : time(filter.from)} to ${filter.to === null ? "now" : time(filter.to)}`,
  );
  const only = [filter.actor, filter.action, filter.via].filter((word) => word !== null);
  if (only.length > 0) drawFact(doc, "Only", only.join(", "));
  drawFact(doc, "Made", `${time(report.generatedAt)} by ${report.generatedBy}`);
  drawFact(doc, "Chain", chain.fault === null ? `verified to #${chain.verified}` : `broken: ${chain.fault.reason}`);
  drawFact(doc, "Chain head", chain.head, "Courier");
  doc.moveDown(0.5);
}

function drawFact(doc: PDFKit.PDFDocument, name: string, value: string, font = "Helvetica"): void {
  doc.font("Helvetica").fillColor(mutedColor).text(`${name}: `, { continued: true });
  doc.font(font).fillColor(textColor).text(printable(value));
}

function drawHeading(doc: PDFKit.PDFDocument, title: string): void {
  if (doc.y > doc.page.height - doc.page.margins.bottom - 72) doc.addPage();
  doc.moveDown(0.5).font("Helvetica-Bold").fontSize(12).fillColor(textColor).text(title, margin).moveDown(0.3);
}

function drawPublishes(doc: PDFKit.PDFDocument, publishes: readonly PublishView[]): void {
  drawHeading(doc, `Published revisions (${publishes.length})`);
  if (publishes.length === 0) return drawNothing(doc, "Nothing was published in this range.");
  const columns = [
    { title: "Revision", width: 55 },
    { title: "Time (UTC)", width: 105 },
    { title: "Author", width: 90 },
    { title: "Comment", width: 150 },
    { title: "What changed", width: 369 },
  ];
  drawTable(
    doc,
    columns,
    publishes.map(({ number, publishedAt, authorName, comment, restoredFrom, changes }) => {
      const restored = restoredFrom === null ? "" : `Brought revision ${restoredFrom} back. `;
      const words = changes.map((change) => change.words).join("\n");
      return [`r${number}`, time(publishedAt), authorName, `${restored}${comment}`, words].map(printable);
    }),
  );
}

function drawRules(doc: PDFKit.PDFDocument, { rules, ruleRevision }: AuditReport): void {
  drawHeading(doc, ruleRevision === null ? "Rules" : `Rules of revision ${ruleRevision} (${rules.length})`);
  if (rules.length === 0) return drawNothing(doc, "No rules were in force.");
  const columns = [
    { title: "Proxy action", width: 110 },
    { title: "Ruleset", width: 75 },
    { title: "#", width: 25 },
    { title: "Rule", width: 140 },
    { title: "State", width: 50 },
    { title: "What it does", width: 369 },
  ];
  drawTable(
    doc,
    columns,
    rules.map(({ proxyAction, ruleset, rank, name, state, sentence }) =>
      [proxyAction, ruleset, String(rank), name, state, sentence].map(printable),
    ),
  );
}

function drawLog(doc: PDFKit.PDFDocument, { entries, total }: AuditReport): void {
  drawHeading(doc, `Log (${total})`);
  if (total > entries.length) {
    drawNothing(
      doc,
      `The newest ${entries.length} of ${total} rows; CSV and JSON hold more, or choose a shorter range.`,
    );
  }
  const columns = [
    { title: "#", width: 40 },
    { title: "Time (UTC)", width: 105 },
    { title: "Actor, role", width: 90 },
    { title: "From, through", width: 95 },
    { title: "Action", width: 95 },
    { title: "Object", width: 134 },
    { title: "Summary", width: 210 },
  ];
  drawTable(
    doc,
    columns,
    entries.map(({ sequence, at, actor, role, address, via, action, object, summary }) =>
      [String(sequence), time(at), linesOf(actor, role), linesOf(address, via), action, object, summary].map(printable),
    ),
  );
}

function linesOf(...words: readonly (string | null)[]): string {
  return words.filter((word) => word !== null).join("\n");
}

function drawNothing(doc: PDFKit.PDFDocument, words: string): void {
  doc.font("Helvetica").fontSize(9).fillColor(mutedColor).text(words).fillColor(textColor).moveDown(0.5);
}

function numberPages(doc: PDFKit.PDFDocument, head: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page);
    // Below the margin: without this the text would start a new page.
    doc.page.margins.bottom = 0;
    const words = `Postern audit report · chain head ${head.slice(0, 16)} · page ${page + 1} of ${count}`;
    doc
      .font("Helvetica")
      .fontSize(7)
      .fillColor(mutedColor)
      .text(words, margin, doc.page.height - 24, { lineBreak: false });
  }
}

function time(at: Date): string {
  return at.toISOString().replace("T", " ").slice(0, 19);
}

/** The built-in fonts know Latin-1: any other character is written as its code point, so that nothing is lost or made up. */
function printable(text: string): string {
  return text.replaceAll(/[^\n\x20-\x7e\xa0-\xff]/gu, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
