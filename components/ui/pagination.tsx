import { LinkButton } from "./link-button.tsx";

type PaginationProps = {
  /** What is shown, in words: "50 messages". */
  shown: string;
  /** The first page, when this is not it. */
  first: string | null;
  /** The page after this one, when there is one. */
  next: string | null;
  firstLabel?: string;
  nextLabel?: string;
};

/** Pages of a list that only grows at its top: back to the first, on to the next. */
export function Pagination({ shown, first, next, firstLabel = "Newest", nextLabel = "Older" }: PaginationProps) {
  return (
    <nav aria-label="Pages" className="mt-2 flex flex-wrap items-center justify-between gap-2">
      <p className="text-muted">{shown}</p>
      <div className="flex gap-2">
        {first !== null && <LinkButton href={first}>{firstLabel}</LinkButton>}
        {next !== null && <LinkButton href={next}>{nextLabel}</LinkButton>}
      </div>
    </nav>
  );
}
