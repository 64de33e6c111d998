import { useRef, useState } from "react";
import { IconButton } from "./IconButton.tsx";
import { LazyMenu } from "./LazyMenu.tsx";
import type { IconButtonProps } from "./IconButton.tsx";
import type { MenuChoice } from "./Menu.tsx";

export interface MenuButtonProps extends IconButtonProps {
  readonly choices: readonly MenuChoice[];
}

export function MenuButton({ choices, ...rest }: MenuButtonProps) {
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const [open, setOpen] = useState(false);
  const closedAt = useRef(-Infinity);
  return (
    <>
      <IconButton
        ref={setButton}
        {...rest}
        aria-haspopup="menu"
        aria-expanded={open}
        // The press that closed the menu by falling outside of it does not open it again.
        onClick={({ timeStamp }) => setOpen(timeStamp - closedAt.current > CLOSING_PRESS_MS)}
      />
      <LazyMenu
        label={rest.label}
        open={open}
        anchor={button}
        onClose={() => {
          closedAt.current = performance.now();
          setOpen(false);
        }}
        choices={choices}
      />
    </>
  );
}

const CLOSING_PRESS_MS = 250;
