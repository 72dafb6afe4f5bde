"""The names that PDF itself uses (ISO 32000-1): "/Link" in a file says nothing about Mr Link."""

from __future__ import annotations

import re

# The name of a font comes with the font; it never comes from a record.
FONT_NAME = re.compile(rb"/(?:BaseFont|FontName|FontFamily) /[^\s()<>\[\]{}/%]+")

VOCABULARY = frozenset(
    b"""
    A AA AF AFRelationship AIS AP AS ASCII85Decode ASCIIHexDecode AcroForm Action ActualText After All Alt Alternate
    Alternative Annot Annotation Annots Art ArtBox Artifact Ascent Attached Author AvgWidth BBox BE BS BibEntry Before
    Best BitsPerComponent BitsPerSample BlackIs1 BleedBox Block BlockQuote Blue Border Both Bottom ByteRange C CA
    CCITTFaxDecode CF CIDFontType0 CIDFontType0C CIDFontType2 CIDInit CIDSet CIDSystemInfo CIDToGIDMap CMap CMapName
    CalGray CalRGB CapHeight Caption Catalog Center Cert CharProcs CharSet Code ColSpan Color ColorSpace Colors Column
    Columns Contents CosineDecode Count Creator CreationDate Crypt CropBox D DA DCTDecode DL DR DS DV DW DW2 Data Date
    Decode DecodeParms Default DescendantFonts Descent Desc Dest DestOutputProfile Dests DeviceCMYK DeviceGray DeviceN
    DeviceRGB Differences Direction Disc DisplayDocTitle Div DocMDP Document Domain E EF Em EmbeddedFile EmbeddedFiles
    Encode Encoding Encrypt End Endnote Event ExtGState Extends Extension Extensions F FDF FENote FFilter FS Feature
    Ff Fields Figure Filespec Filter First FirstChar FitWindow Fit FitH FitR FitV Flags FlateDecode Font FontBBox
    FontDescriptor FontFamily FontFile FontFile2 FontFile3 FontMatrix FontName FontStretch FontWeight Footer Footnote
    Form FormType Formula FreeText Function FunctionType Functions G GTS_PDFA1 GTS_PDFX Gamma GoTo GoToR Green Group H
    H1 H2 H3 H4 H5 H6 HTML Header Headers Height Hidden Hide Highlight I ICCBased ID IRT ISO_PDF IT Identity
    Identity-H Identity-V IdentityH Image ImageMask Index Indexed Info Inline Inset Intent Interpolate IsMap
    ItalicAngle JBIG2Decode JPXDecode JS JavaScript K Keywords Kids L LBody LI LJ LW LZWDecode Lab Lang Last LastChar
    LastModified Launch Layout Lbl Leading Left Length Length1 Length2 Length3 Limits Line Link List ListNumbering
    LrTb Lower M MCID MCR MD5 MK ML MMType1 MacRomanEncoding Mark MarkInfo Marked Mask Matrix Matte MaxWidth MediaBox
    Metadata Middle MissingWidth ModDate N NM Name Named Names Namespace Namespaces NewWindow Next NonStruct None
    Normal Note NumCopies Numeral Nums O OBJR OC OCG OCGs OCProperties OPM ON OS ObjStm Off Open OpenAction Opt
    Ordering Outlines OutputCondition OutputConditionIdentifier OutputIntent OutputIntents P PCM PDF PROCSET Page
    PageLabels PageLayout PageMode Pages Paper ParamString Params Parent ParentTree ParentTreeNextKey Part Pattern
    PatternType Perms Pg Phoneme Placement Popup Predictor Pref Prev Print PrintScaling Private ProcSet Producer
    Producers Properties PtData Q QuadPoints Quote R RB RC RD RI RP RT RV Range Rect Red Ref Reference Registry
    RegistryName RelativeColorimetric Resources Right RoleMap Role Root Rotate Row RowSpan Rows Ruby RunLengthDecode S
    SMask SMaskInData SS SV Saturation Scope Sect Separation Shading ShadingType Short Sig SigFlags Simple Single Size
    SizeLimit Solid SourceModified Span Square Stamp StandardCS Standard Start StemH StemV StmF Strong StrikeOut
    StructElem StructParent StructParents StructTreeRoot Style Sub Subject SubFilter Subtype Summary Supplement
    Suspects Sy SpaceAfter SpaceBefore T TBody TD TFoot TH THead TI TJ TK TM TOC TOCI TP TR TR2 TU Table Tabs Text
    TextAlign TextIndent Thumb TilingType Title ToUnicode Top Transparency TrapNet Trapped TrimBox TrueType Type Type0
    Type1 Type1C Type3 Typ U UR URI URIActionDict UniqueID Unix Uppercase URLS UserProperties UserUnit V VE Version
    Vertices View ViewArea ViewerPreferences Viewport W W2 WMode Watermark WhitePoint Widget Width Widths
    WinAnsiEncoding XFA XHeight XML XObject XRef XRefStm XStep XYZ YStep Yes Zoom ca checked pdfd xmp
    """.split()
)
