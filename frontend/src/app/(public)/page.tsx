import { LandingPage } from "./client";

export default function Page() {
  return <LandingPage />;
}
