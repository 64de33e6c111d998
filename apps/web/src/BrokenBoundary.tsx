import { Component } from "react";
import { Broken } from "./Broken.tsx";
import type { ReactNode } from "react";

/** Shows words instead of an empty page where drawing failed. */
export class BrokenBoundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}
