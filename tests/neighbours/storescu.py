"""pydicom's own files, and the option with which DCMTK's storescu sends each in the syntax it has."""

SENT_AS_IT_IS = [
    ("CT_small.dcm", "-xe"),
    ("MR_small_implicit.dcm", "-xi"),
    ("MR_small_bigendian.dcm", "-xb"),
    ("image_dfl.dcm", "-xd"),
    ("MR_small_RLE.dcm", "-xr"),
    ("SC_rgb_jpeg_dcmtk.dcm", "-xy"),
    ("JPEG-lossy.dcm", "-xx"),
    ("MR_small_jpeg_ls_lossless.dcm", "-xt"),
    ("JPEGLSNearLossless_16.dcm", "-xu"),
    ("MR_small_jp2klossless.dcm", "-xv"),
    ("JPEG2000.dcm", "-xw"),
    ("liver_1frame.dcm", "-xe"),
    ("reportsi.dcm", "-xe"),
]
