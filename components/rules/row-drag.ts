/**
 * Between two rows: above the rule `before`, null: below the last; `y` pixels below the top of the table. `heading`: above or below that of the section
 * which begins with the rule, null: there is none.
 */
export type Gap = { before: string | null; heading: "above" | "below" | null; y: number };

/** A rule that a pointer came down on, in the body of its table. */
export type TakenRow = { body: Element; handle: Element; id: string };

export type RowDragEvents = {
  /** The rule with that id is dragged over another gap; null: no longer. */
  onGap: (id: string, gap: Gap | null) => void;
  /** It was let go there. */
  onDrop: (id: string, gap: Gap) => void;
};

/** A mouse that moves less means a click. */
const clickPx = 4;
/** A finger that rests for so long means the rule; one that moves before scrolls the page. */
const longPressMs = 400;
const restingPx = 8;
/** What stays at the top of the window: the frame's header and the table's headings. */
const headPx = 80;
/** Nearer than this to what hides the rows, the page scrolls: by frame, the faster the nearer. */
const edgePx = 48;
const scrolledShare = 0.4;
const scrolledPxMax = 60;

/**
 * One drag of a rule over the rows (`data-rule`) of its table, from the pointer that came down to its end. Pointer events, for HTML's own dragging
 * knows no fingers.
 */
export class RowDrag {
  readonly #taken: TakenRow;
  readonly #down: PointerEvent;
  readonly #events: RowDragEvents;
  readonly #over = new AbortController();
  readonly #longPress: ReturnType<typeof setTimeout> | undefined;
  #y: number;
  #gap: Gap | null = null;
  #underWay = false;

  constructor(taken: TakenRow, down: PointerEvent, events: RowDragEvents) {
    this.#taken = taken;
    this.#down = down;
    this.#events = events;
    this.#y = down.clientY;
    if (down.pointerType === "touch") this.#longPress = setTimeout(() => this.#begin(), longPressMs);
    const on = { signal: this.#over.signal };
    for (const type of ["pointermove", "pointerup", "pointercancel"] as const)
      window.addEventListener(type, (event) => this.#pointer(event), on);
    window.addEventListener("blur", () => this.end(), on);
    window.addEventListener("keydown", (event) => this.#key(event), { ...on, capture: true });
  }

  /** The pointer is up again, or means something else. */
  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** The pointer moves rows, and not the page. */
  get isUnderWay(): boolean {
    return this.#underWay && !this.isOver;
  }

  /** Nothing is moved. */
  end(): void {
    clearTimeout(this.#longPress);
    this.#over.abort();
    if (this.#gap !== null) this.#events.onGap(this.#taken.id, null);
    this.#gap = null;
  }

  #begin(): void {
    this.#underWay = true;
    // What happens outside of the window is heard too.
    this.#taken.handle.setPointerCapture(this.#down.pointerId);
    this.#frame();
  }

  #pointer(event: PointerEvent): void {
    if (event.pointerId !== this.#down.pointerId) return;
    if (event.type === "pointermove") this.#move(event);
    else if (event.type === "pointerup") this.#drop();
    else this.end();
  }

  #move({ clientX, clientY, pointerType }: PointerEvent): void {
    this.#y = clientY;
    if (this.#underWay) return;
    const far = Math.hypot(clientX - this.#down.clientX, clientY - this.#down.clientY);
    if (pointerType !== "touch" && far > clickPx) this.#begin();
    else if (far > restingPx) this.end();
  }

  #drop(): void {
    if (this.#underWay) this.#look();
    const gap = this.#gap;
    this.end();
    if (gap !== null) this.#events.onDrop(this.#taken.id, gap);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.#underWay) return;
    event.preventDefault();
    event.stopPropagation();
    this.end();
  }

  /** Goes on while the pointer rests: the page may scroll, and rows may come and go. */
  readonly #frame = (): void => {
    if (this.isOver) return;
    const by = this.#scrolledPx();
    if (by !== 0) window.scrollBy(0, by);
    this.#look();
    requestAnimationFrame(this.#frame);
  };

  #look(): void {
    const gap = gapAt(this.#taken.body, this.#y);
    if (gap.before === this.#gap?.before && gap.y === this.#gap.y) return;
    this.#gap = gap;
    this.#events.onGap(this.#taken.id, gap);
  }

  /** Only towards rows that are out of sight. */
  #scrolledPx(): number {
    const { top, bottom } = this.#taken.body.getBoundingClientRect();
    const above = headPx + edgePx - this.#y;
    const below = this.#y - (window.innerHeight - edgePx);
    if (above > 0 && top < headPx) return -speed(above);
    return below > 0 && bottom > window.innerHeight ? speed(below) : 0;
  }
}

function speed(px: number): number {
  return Math.min(scrolledPxMax, Math.ceil(px * scrolledShare));
}

/** The gap that is nearest to a height in the window. What stands between two rows belongs to the upper; the last row of the body is no rule. */
function gapAt(body: Element, y: number): Gap {
  const rows = [...body.querySelectorAll("[data-rule], [data-heading]")];
  const top = (index: number) => (rows[index] ?? body.lastElementChild ?? body).getBoundingClientRect().top;
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (y < (top(middle) + top(middle + 1)) / 2) to = middle;
    else from = middle + 1;
  }
  const table = body.parentElement ?? body;
  const headed = (row: Element | undefined) => row?.getAttribute("data-heading") ?? null;
  const row = rows[from];
  const before = row?.getAttribute("data-rule") ?? headed(row);
  const heading = headed(row) !== null ? "above" : headed(rows[from - 1]) !== null ? "below" : null;
  return { before, heading, y: top(from) - table.getBoundingClientRect().top };
}
