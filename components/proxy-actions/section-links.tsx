export type SectionLink = { id: string; title: string; count?: number };

/** The sections of a long page: beside it where there is room, above it on a phone. */
export function SectionLinks({
  label,
  groups,
}: {
  label: string;
  groups: readonly { title: string; links: readonly SectionLink[] }[];
}) {
  return (
    <nav aria-label={label} className="flex flex-col gap-3 lg:sticky lg:top-4 lg:self-start">
      {groups.map(({ title, links }) => (
        <div key={title}>
          <p className="px-2 text-muted text-sm">{title}</p>
          <ul className="flex flex-wrap gap-x-1 lg:flex-col">
            {links.map(({ id, title: words, count }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="flex min-h-7 items-center justify-between gap-2 rounded-md px-2 py-0.5 hover:bg-sunken"
                >
                  {words}
                  {count !== undefined && count > 0 && (
                    <span className="rounded-full bg-inactive-tint px-2 text-inactive text-sm">{count}</span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
