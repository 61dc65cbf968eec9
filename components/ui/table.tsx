import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** They bring a line of their own: the rows' borders stay behind. What is focused does not come to stand under them. */
const stickyHeadings =
  "[&_td_*]:scroll-mt-8 [&_th]:sticky [&_th]:top-12 [&_th]:z-10 [&_th]:bg-surface [&_th:first-child]:rounded-ss-md [&_th:last-child]:rounded-se-md " +
  "[&_th]:after:absolute [&_th]:after:inset-x-0 [&_th]:after:-bottom-px [&_th]:after:h-px [&_th]:after:bg-line";

type TableProps = { caption: string; children: ReactNode; className?: string; stickyHead?: boolean };

/**
 * A real table; below 640 px its rows become cards. `caption` is for those who do not see the heading.
 * `stickyHead`: the headings stay in sight under the frame's header while a long table is scrolled.
 * Inside: `<thead><tr><Th>…</Th></tr></thead><tbody><Row><Td label="Age">…</Td></Row></tbody>`.
 */
export function Table({ caption, children, className, stickyHead }: TableProps) {
  return (
    <div className="rounded-md border border-line bg-surface">
      <table
        className={classNames("data-table w-full border-collapse text-start", stickyHead && stickyHeadings, className)}
      >
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

/** A column's heading; `numeric` for a column of numbers. */
export function Th({ className, numeric, scope = "col", ...rest }: ComponentProps<"th"> & { numeric?: boolean }) {
  const align = numeric ? "text-end" : "text-start";
  return (
    <th
      scope={scope}
      className={classNames("h-8 whitespace-nowrap px-2 font-medium text-muted", align, className)}
      {...rest}
    />
  );
}

/** A body row. */
export function Row({ className, ...rest }: ComponentProps<"tr">) {
  return <tr className={classNames("border-line border-t hover:bg-sunken", className)} {...rest} />;
}

type TdProps = ComponentProps<"td"> & {
  /** The column's name, shown before the value in a card. */
  label?: string;
  /** Takes a whole line of its card. */
  wide?: boolean;
  /** Numbers stand at the right. */
  numeric?: boolean;
};

export function Td({ label, wide, numeric, className, ...rest }: TdProps) {
  return (
    <td
      data-label={label}
      data-wide={wide ? "" : undefined}
      className={classNames("h-8 px-2 py-1", numeric && "whitespace-nowrap text-end", className)}
      {...rest}
    />
  );
}
