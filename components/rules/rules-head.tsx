import { headGrid } from "./rule-grid.ts";

/** The headings of a table of rules: they stay in sight under the frame's header. */
export function RulesHead() {
  return (
    <thead className="bg-surface sm:sticky sm:top-12 sm:z-20 sm:block sm:rounded-t-md sm:border-line sm:border-b">
      <tr className={headGrid}>
        <th scope="col">
          <span className="sr-only">Select</span>
        </th>
        <th scope="col" className="text-end font-medium">
          #
        </th>
        <th scope="col" className="text-start font-medium">
          State
        </th>
        <th scope="col" className="text-start font-medium">
          Rule
        </th>
        <th scope="col" className="text-start font-medium">
          Action
        </th>
        <th scope="col" className="text-end font-medium">
          Hits 24 h
        </th>
        <th scope="col" className="text-start font-medium">
          Last hit
        </th>
        <th scope="col">
          <span className="sr-only">Commands</span>
        </th>
      </tr>
    </thead>
  );
}
