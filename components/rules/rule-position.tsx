/** The number of a rule, or of all in a section, by which it is dragged. `fixed`: nobody moves it here. */
export function RulePosition({ position, fixed }: { position: number | string; fixed: boolean }) {
  if (fixed) return <td className="text-muted sm:text-end">{position}</td>;
  return (
    <td className="text-muted">
      <span
        data-handle
        title="Drag to move"
        className="block cursor-grab select-none rounded-sm px-2 text-center leading-7 [-webkit-touch-callout:none] hover:bg-accent-tint active:cursor-grabbing max-sm:min-w-8 max-sm:bg-sunken sm:px-0 sm:text-end"
      >
        {position}
      </span>
    </td>
  );
}
