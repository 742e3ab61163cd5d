"""Write `docs/support.md`."""

from scripts.support.page import PATH, page

PATH.write_text(page(), encoding="utf-8")
