import { classNames } from "#components/ui/class-names.ts";

/** The columns of a table of rules, one grid a row: what is out of sight is then not laid out. Below 640 px each row is a card. */
const columns =
  "sm:grid sm:grid-cols-[1.5rem_2rem_5.5rem_minmax(0,1fr)_7rem_4.5rem_6rem_2rem] sm:items-center sm:gap-x-2 sm:px-2 " +
  "lg:grid-cols-[1.5rem_2rem_5.5rem_minmax(0,1fr)_7rem_8.5rem_6rem_2rem] " +
  // What takes the focus is not hidden by the headings that stay.
  "sm:[&_:is(a,button,input,select)]:scroll-mt-8";

export const headGrid = classNames(columns, "h-8 text-muted");
export const lockedGrid = classNames(columns, "border-line border-t bg-sunken sm:min-h-8");
export const detailGrid = classNames(columns, "border-line border-t border-dashed");

/** 32 px, or 40 px with the sentence below the name, as the page's `data-density` says. Laid out when near, and while the focus or the pointer is on it. */
export const ruleGrid = classNames(
  columns,
  "scroll-mt-24 border-line border-t hover:bg-sunken sm:h-8 sm:group-data-[density=comfortable]/rules:h-10",
  "[contain-intrinsic-size:auto_32px] [content-visibility:auto] focus-within:[content-visibility:visible] hover:[content-visibility:visible]",
);

export const sectionGrid = classNames(columns, "border-line border-t bg-sunken sm:min-h-8");
/** What stands under the heading of a section. */
export const sectioned = "shadow-[inset_3px_0_0_var(--color-control)]";
