import { lazy, Suspense, useState } from "react";
import type { MenuProps } from "./Menu.tsx";

const Menu = lazy(() => import("./Menu.tsx").then(({ Menu }) => ({ default: Menu })));

/** A menu whose code comes with its first press: the first load has none of it. */
export function LazyMenu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  return <Suspense>{wanted && <Menu {...props} />}</Suspense>;
}
