const rowsPerBlock = 4096;

/** Rows of numbers under named columns, outside of the collected heap: eight bytes a number, in blocks, so that growing copies nothing. */
export class NumberRows<Column extends string> {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #blocks: Float64Array[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = new Map(columns.map((name, index) => [name, index]));
  }

  /** 0 where nothing was set. */
  get(row: number, column: Column): number {
    return this.#blocks[Math.floor(row / rowsPerBlock)]?.[this.#index(row, column)] ?? 0;
  }

  set(row: number, column: Column, value: number): void {
    const block = Math.floor(row / rowsPerBlock);
    while (this.#blocks.length <= block) this.#blocks.push(new Float64Array(rowsPerBlock * this.#columns.size));
    const numbers = this.#blocks[block];
    if (numbers !== undefined) numbers[this.#index(row, column)] = value;
  }

  #index(row: number, column: Column): number {
    return (row % rowsPerBlock) * this.#columns.size + (this.#columns.get(column) ?? 0);
  }
}
