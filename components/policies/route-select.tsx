import { Select } from "#components/ui/select.tsx";

type RouteSelectProps = {
  label: string;
  route: string;
  routeNames: readonly string[];
  onChange: (change: { route: string }) => void;
};

/** Which route it goes over; one that is gone is still shown. */
export function RouteSelect({ label, route, routeNames, onChange }: RouteSelectProps) {
  const known = routeNames.includes(route) ? routeNames : [route, ...routeNames];
  return (
    <Select aria-label={label} value={route} onChange={({ target }) => onChange({ route: target.value })}>
      {known.map((name) => (
        <option key={name} value={name}>
          {name === "" ? "Choose a route…" : `goes over ${name}`}
        </option>
      ))}
    </Select>
  );
}
