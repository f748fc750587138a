"""The operations a model may be made of: mathematics on tensors, reads of its own variables, calls of its own.

Everything else is refused, known or unknown: files, sockets, Python, random state, lookup tables, custom
kernels. The list grows when a model of ours needs another piece of mathematics, by a line in this file.
"""

_BY_PURPOSE: dict[str, str] = {
    "structure": """
        Const EnsureShape Identity IdentityN NoOp Placeholder PlaceholderWithDefault StopGradient PartitionedCall
        StatefulPartitionedCall
    """,
    # What they call is read like the rest, and can have no state: variables reach them as plain values. A loop may
    # still be endless. In an analysis the worker's time limit ends it; at loading, in the golden case, nothing does.
    "loops and branches without state": """
        StatelessIf StatelessWhile
    """,
    "own weights, read only": """
        VarHandleOp ReadVariableOp
    """,
    "arithmetic": """
        Abs Add AddN AddV2 BiasAdd Cast Ceil ClipByValue Cos DivNoNan Div Elu Erf Erfc Exp Expm1 Floor
        FloorDiv FloorMod LeakyRelu Log Log1p LogSoftmax Maximum Minimum Mul MulNoNan Neg Pow RealDiv Reciprocal Relu
        Relu6 Round Rsqrt Selu Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Square SquaredDifference Sub
        Tanh
    """,
    "comparison and choice": """
        Equal Greater GreaterEqual IsFinite IsInf IsNan Less LessEqual LogicalAnd LogicalNot LogicalOr NotEqual
        Select SelectV2 Where
    """,
    "over axes": """
        All Any ArgMax ArgMin BatchMatMulV2 Cumsum Einsum L2Loss MatMul Max Mean Min Prod Sum TopKV2
    """,
    "shapes": """
        BroadcastArgs BroadcastTo ConcatV2 ConcatOffset DepthToSpace ExpandDims Fill GatherNd GatherV2
        MatrixBandPart MirrorPad OneHot OnesLike Pack Pad PadV2 Range Rank Reshape ReverseV2 Roll ScatterNd Shape
        ShapeN Size Slice SpaceToDepth Split SplitV Squeeze StridedSlice TensorScatterAdd TensorScatterUpdate Tile
        Transpose Unpack ZerosLike
    """,
    "convolution, pooling, normalisation, resampling": """
        AvgPool AvgPool3D BatchToSpaceND Conv2D Conv2DBackpropInput Conv3D Conv3DBackpropInputV2
        DepthwiseConv2dNative ExtractImagePatches FusedBatchNormV3 LRN MaxPool MaxPool3D ResizeArea
        ResizeBicubic ResizeBilinear ResizeNearestNeighbor ScaleAndTranslate SpaceToBatchND
    """,
    "boxes": """
        CombinedNonMaxSuppression CropAndResize NonMaxSuppressionV2 NonMaxSuppressionV3 NonMaxSuppressionV4
        NonMaxSuppressionV5 NonMaxSuppressionWithOverlaps
    """,
}

ALLOWED: frozenset[str] = frozenset(name for names in _BY_PURPOSE.values() for name in names.split())
