"""Pictures that a platform delivered: read by OCR and compared with registered ones, outside the detectors.

At ingest, before anything is written to the log. Needs Pillow (the extra `images`) and, for text, Debian's tesseract.
Pictures are compared as wholes, by perceptual hash; no face is ever recognised.
"""
