/** Grey lines while a page loads. */
export function Skeleton({ rows = 8, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" className="flex flex-col gap-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="h-8 rounded-md bg-inactive-tint" />
      ))}
    </div>
  );
}
