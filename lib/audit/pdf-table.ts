type Column = { title: string; width: number };

const fontSize = 8;
const cellPadding = 3;
const ruleColor = "#8A8580";

/** A table over as many pages as it needs; its head is repeated on each, and no row is torn apart unless it fills a page. */
export function drawTable(doc: PDFKit.PDFDocument, columns: readonly Column[], rows: readonly string[][]): void {
  drawRow(
    doc,
    columns,
    columns.map(({ title }) => title),
    "Helvetica-Bold",
  );
  for (const row of rows) {
    if (doc.y + rowHeight(doc, columns, row, "Helvetica") > bottom(doc)) {
      doc.addPage();
      drawRow(
        doc,
        columns,
        columns.map(({ title }) => title),
        "Helvetica-Bold",
      );
    }
    drawRow(doc, columns, row, "Helvetica");
  }
  doc.moveDown(1);
}

function drawRow(doc: PDFKit.PDFDocument, columns: readonly Column[], cells: readonly string[], font: string): void {
  const height = Math.min(rowHeight(doc, columns, cells, font), bottom(doc) - doc.y);
  const top = doc.y;
  let left = doc.page.margins.left;
  for (const [index, { width }] of columns.entries()) {
    const box = { width: width - 2 * cellPadding, height: height - cellPadding, ellipsis: true };
    doc
      .font(font)
      .fontSize(fontSize)
      .text(cells[index] ?? "", left + cellPadding, top + cellPadding, box);
    left += width;
  }
  const end = top + height;
  doc.moveTo(doc.page.margins.left, end).lineTo(left, end).lineWidth(0.5).stroke(ruleColor);
  doc.x = doc.page.margins.left;
  doc.y = end;
}

function rowHeight(
  doc: PDFKit.PDFDocument,
  columns: readonly Column[],
  cells: readonly string[],
  font: string,
): number {
  doc.font(font).fontSize(fontSize);
  const heights = columns.map(({ width }, index) =>
    doc.heightOfString(cells[index] ?? "", { width: width - 2 * cellPadding }),
  );
  return Math.max(...heights) + 2 * cellPadding;
}

function bottom(doc: PDFKit.PDFDocument): number {
  return doc.page.height - doc.page.margins.bottom;
}
