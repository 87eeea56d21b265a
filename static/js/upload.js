// Every upload panel of the page. A film and what belongs to it may be on their way at the same time.

import { Panel } from "./upload-panel.js";

document.querySelectorAll("[data-upload]").forEach((element) => new Panel(element));
